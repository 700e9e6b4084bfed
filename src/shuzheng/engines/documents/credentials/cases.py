"""Whether an official may use a licence under a case: the engine that keeps the cases says so."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from shuzheng.kernel.actor import Actor
from shuzheng.kernel.registry import Registry

#: Says whether an actor deals with a case, and the case concerns this holder.
MayUse = Callable[[Actor, UUID, UUID], bool]
_engines: Registry[MayUse] = Registry("keeper of cases")


def vouch_case(engine: str, may_use: MayUse) -> MayUse:
    """Let an engine vouch for the use of licences under its cases. Raises DuplicateName."""
    return _engines.add(engine, may_use)


def may_use_in_case(actor: Actor, case_id: UUID, holder_id: UUID) -> bool:
    """Say whether an actor may use a holder's licences under a case."""
    return any(may_use(actor, case_id, holder_id) for may_use in _engines.values())
