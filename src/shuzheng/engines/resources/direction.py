"""Between the decisions kept in the database and the supervisor of ``shuzheng up`` that carries them out."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from datetime import timedelta

from shuzheng.engines.resources import queries
from shuzheng.engines.resources.actions.processes import NoteProcesses
from shuzheng.engines.resources.definitions import SupportService
from shuzheng.engines.resources.demand import Demand, Incident
from shuzheng.engines.resources.models import ServiceState
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import find
from shuzheng.kernel.moment import now


def demands() -> list[Demand] | None:
    """Return what the services want; ``None`` when nobody has decided lately, so that everything stays as it is."""
    states = queries.scaling()
    latest = max((state.evaluated_at for state in states), default=None)
    if latest is None or now() - latest > timedelta(seconds=queries.STALE):
        return None
    return [demand for state in states if (demand := _demand(state)) is not None]


def note(incidents: Sequence[Incident]) -> None:
    """Put on record what the supervisor of this machine did."""
    given = [vars(incident) for incident in incidents]
    NoteProcesses.do(Actor.system("resources"), host=socket.gethostname()[:100], incidents=given)


def _demand(state: ServiceState) -> Demand | None:
    service: SupportService | None = find("service_objective", state.service)
    if service is None or service.scaling is None:
        return None
    least = service.scaling.least
    return Demand(
        service=state.service,
        queues=tuple(service.queues),
        workers=max(0, (state.workers or least) - least) if service.queues else 0,
        web=max(0, (state.web or least) - least),
        reason=" ".join(dict.fromkeys(filter(None, (state.reason, state.web_reason)))),
    )
