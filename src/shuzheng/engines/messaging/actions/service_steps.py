"""Steps of a service in law: kept and entered into the ledger, and the one that ends it."""

from __future__ import annotations

from datetime import date
from typing import Any

from shuzheng.engines.messaging.models import LegalService, ServiceStep
from shuzheng.engines.trust import ledger
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import canonical_digest
from shuzheng.kernel.moment import now, today


def keep_step(service: LegalService, actor: Actor, way: str, outcome: str, **said: Any) -> ServiceStep:
    """Keep a step and append it to the ledger: digests and facts in the open, who and where under the person's key."""
    day = said.pop("on", None) or today()
    step = ServiceStep(service=service, way=way, outcome=outcome, by=actor.name, at=now(), **said)
    personal = {"place": step.place, "note": step.note, "by": step.by}
    public = {
        "document": service.digest,
        "way": way,
        "outcome": str(outcome),
        "on": day.isoformat(),
        "step": str(step.pk),
    }
    step.digest = canonical_digest({**public, **personal})
    entry = ledger.append(
        "messaging.service",
        str(service.pk),
        {**public, "digest": step.digest},
        personal=personal,
        about=service.person_id,
    )
    step.entry_id = str(entry.pk)
    step.save(force_insert=True)
    return step


def close_served(action: Action[Any, Any], service: LegalService, step: ServiceStep, day: date) -> None:
    """Close a service on a day and announce it: periods run from the day after."""
    service.status, service.way, service.served_on = LegalService.Status.SERVED, step.way, day
    service.save()
    action.emit(
        "messaging.served",
        service.pk,
        date=day.isoformat(),
        way=step.way,
        case_id=str(service.case_id) if service.case_id else "",
        digest=service.digest,
    )
