"""What the verbs on one seal have in common."""

from __future__ import annotations

from typing import ClassVar, TypeVar
from uuid import UUID

from shuzheng.engines.documents.seals import holding
from shuzheng.engines.documents.seals.errors import NoSuchSeal, WrongState
from shuzheng.engines.documents.seals.models import Seal, SealEvent, SealState
from shuzheng.engines.documents.seals.policies import MANAGE
from shuzheng.engines.trust import ledger
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class SealInput(Input):
    """Which seal."""

    seal_id: UUID


S = TypeVar("S", bound=SealInput)


class SealAction(Action[S, Seal]):
    """Base of the verbs of a seal's life; each leaves an event, and one in the public ledger."""

    permission = MANAGE
    output = Seal
    #: States from which the verb may be done.
    begins_in: ClassVar[frozenset[str]] = frozenset()

    def scope(self, actor: Actor, given: S) -> str:
        """Ask for the permission in the seal's division. Raises NoSuchSeal."""
        found = Seal.objects.filter(pk=given.seal_id).values_list("division_path", flat=True).first()
        if found is None:
            raise NoSuchSeal
        return str(found)

    def locked(self, given: S) -> Seal:
        """Return the seal, locked. Raises WrongState."""
        holding.changing(Seal.objects.values_list("code", flat=True).get(pk=given.seal_id))
        rows = Seal.objects.select_for_update(of=("self",)).select_related("unit", "certificate__key")
        seal = rows.get(pk=given.seal_id)
        if seal.state not in self.begins_in:
            raise WrongState(state=SealState(seal.state).label)
        self.about(seal, code=seal.code)
        return seal

    def enter(self, seal: Seal, verb: str, state: SealState, reason: str = "") -> Seal:
        """Save a seal in its new state, with an event and an entry in the ledger."""
        record(self.actor, seal, verb, state, reason)
        self.emit(f"documents.seal_{verb}", seal.pk, code=seal.code)
        return seal


def record(actor: Actor, seal: Seal, verb: str, state: SealState, reason: str = "") -> None:
    """Save a seal in its new state and write down who brought it there and why."""
    if seal.state != state or verb == "filed":
        seal.state, seal.state_since = state, now()
    seal.save()
    SealEvent.objects.create(seal=seal, at=now(), verb=verb, state=state, officer_id=actor.officer_id, reason=reason)
    ledger.append(f"seal.{verb}", seal.code, {"seal": seal.code, "name": seal.name, "state": str(state)})
