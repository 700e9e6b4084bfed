"""What a person does with a difference that reconciliation found: claims it, settles it, agrees that it is written off."""

from __future__ import annotations

from datetime import datetime, time
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.payment import ledger, suspense
from shuzheng.engines.payment.actions.ordering import ReceivePayment
from shuzheng.engines.payment.actions.reconciling import Kind, close_if_settled
from shuzheng.engines.payment.errors import AlreadySettled, CannotResolve, ClaimedByAnother, OwnWriteOff
from shuzheng.engines.payment.models import Discrepancy, Order, Refund
from shuzheng.engines.payment.policies import RECONCILE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import ZONE, now

Resolution = Discrepancy.Resolution


class ResolveDiscrepancyInput(Input):
    """How a person settles a difference."""

    discrepancy_id: UUID
    resolution: Literal["acquirer", "received", "return", "absorb"]
    note: str = Field(min_length=4, max_length=500)


class ResolveDiscrepancy(Action[ResolveDiscrepancyInput, Discrepancy]):
    """Settle a difference that nobody can match (处理差异): a person decides, with a reason.

    What is to be written off waits for a second person. Raises AlreadySettled, CannotResolve, ClaimedByAnother, NotFound.
    """

    name = "payment.resolve_discrepancy"
    permission = RECONCILE
    title = _("处理对账差异")

    def check(self, actor: Actor, given: ResolveDiscrepancyInput) -> None:
        """A person decides."""
        if actor.account_id is None:
            raise NotPermitted

    def perform(self, actor: Actor, given: ResolveDiscrepancyInput) -> Discrepancy:
        """Book the decision, or note it until another person agrees."""
        discrepancy = locked(given.discrepancy_id, Discrepancy.State.OPEN)
        if discrepancy.claimer_id not in (None, actor.account_id):
            raise ClaimedByAnother(who=discrepancy.claimed_by)
        discrepancy.resolution, discrepancy.note = given.resolution, given.note
        discrepancy.resolved_by, discrepancy.resolver_id = actor.name, actor.account_id
        self.about(discrepancy, kind=discrepancy.kind, resolution=given.resolution)
        if given.resolution == Resolution.ABSORB:
            if not discrepancy.difference:
                raise CannotResolve
            discrepancy.state = Discrepancy.State.PROPOSED
            discrepancy.save()
            return discrepancy
        if given.resolution == Resolution.RECEIVED:
            self._receive(discrepancy)
        elif given.resolution == Resolution.RETURN and discrepancy.difference <= 0:
            raise CannotResolve
        else:
            suspense.resolve(discrepancy, given.resolution)
            _account_for(discrepancy)
        _settle(discrepancy)
        return discrepancy

    def _receive(self, discrepancy: Discrepancy) -> None:
        """Book money of an order of ours of which only the file told."""
        statement = discrepancy.statement
        known = Order.objects.filter(channel=statement.channel, number=discrepancy.number).exists()
        if discrepancy.kind != Kind.LONG or not known or not discrepancy.theirs:
            raise CannotResolve
        suspense.release(discrepancy)
        noon = datetime.combine(statement.day, time(12), ZONE)
        order = ReceivePayment.do(
            Actor.system("payment.reconcile"),
            channel=statement.channel,
            number=discrepancy.number,
            trade_number=discrepancy.trade_number,
            amount=discrepancy.theirs,
            at=noon,
        )
        order.statement = statement
        order.save(update_fields=["statement"])
        ledger.book_all([suspense.settlement(order, [])])


class ClaimInput(Input):
    """Which difference."""

    discrepancy_id: UUID


class ClaimDiscrepancy(Action[ClaimInput, Discrepancy]):
    """Say that one is looking into a difference (认领差异); again gives it back. Raises AlreadySettled, ClaimedByAnother."""

    name = "payment.claim_discrepancy"
    permission = RECONCILE
    title = _("认领对账差异")

    def perform(self, actor: Actor, given: ClaimInput) -> Discrepancy:
        """Claim it, or give it back."""
        discrepancy = locked(given.discrepancy_id, Discrepancy.State.OPEN)
        if actor.account_id is None:
            raise NotPermitted
        if discrepancy.claimer_id not in (None, actor.account_id):
            raise ClaimedByAnother(who=discrepancy.claimed_by)
        mine = discrepancy.claimer_id is not None
        discrepancy.claimed_by, discrepancy.claimer_id = ("", None) if mine else (actor.name, actor.account_id)
        discrepancy.claimed_at = None if mine else now()
        discrepancy.save(update_fields=["claimed_by", "claimer_id", "claimed_at"])
        self.about(discrepancy, claimed=not mine)
        return discrepancy


class ConfirmWriteOffInput(Input):
    """Which difference, and whether it is written off."""

    discrepancy_id: UUID
    approved: bool
    note: str = Field(default="", max_length=500)


class ConfirmWriteOff(Action[ConfirmWriteOffInput, Discrepancy]):
    """Agree as a second person that a difference is written off (核销复核), or send it back.

    Raises AlreadySettled, OwnWriteOff, NotPermitted.
    """

    name = "payment.confirm_write_off"
    permission = RECONCILE
    title = _("核销复核")

    def perform(self, actor: Actor, given: ConfirmWriteOffInput) -> Discrepancy:
        """Book it, or open it again."""
        discrepancy = locked(given.discrepancy_id, Discrepancy.State.PROPOSED)
        if actor.account_id is None:
            raise NotPermitted
        if actor.account_id == discrepancy.resolver_id:
            raise OwnWriteOff
        self.about(discrepancy, kind=discrepancy.kind, approved=given.approved)
        if not given.approved:
            discrepancy.state, discrepancy.resolution = Discrepancy.State.OPEN, ""
            discrepancy.note = given.note or discrepancy.note
            discrepancy.save(update_fields=["state", "resolution", "note"])
            return discrepancy
        discrepancy.confirmed_by, discrepancy.confirmer_id = actor.name, actor.account_id
        suspense.resolve(discrepancy, Resolution.ABSORB)
        _account_for(discrepancy)
        _settle(discrepancy)
        return discrepancy


def locked(discrepancy_id: UUID, state: str) -> Discrepancy:
    """Lock a difference in a state. Raises NotFound, AlreadySettled."""
    found = Discrepancy.objects.select_for_update(of=("self",)).select_related("statement").filter(pk=discrepancy_id)
    discrepancy = found.first()
    if discrepancy is None:
        raise NotFound
    if discrepancy.state != state:
        raise AlreadySettled
    return discrepancy


def _settle(discrepancy: Discrepancy) -> None:
    discrepancy.state, discrepancy.resolved_at = Discrepancy.State.RESOLVED, now()
    discrepancy.save()
    close_if_settled(discrepancy.statement)


def _account_for(discrepancy: Discrepancy) -> None:
    """Note that what was missing has been settled by a person, so that no later file settles it again."""
    if discrepancy.kind in (Kind.SHORT, Kind.STATE):
        Order.objects.filter(number=discrepancy.number, statement=None).update(statement=discrepancy.statement)
        Refund.objects.filter(number=discrepancy.number, statement=None).update(statement=discrepancy.statement)
