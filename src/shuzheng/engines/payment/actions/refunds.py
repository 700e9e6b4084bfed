"""Refunds that were asked for: decided by another person, made by the channel, booked."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.identity.parties import stands_for
from shuzheng.engines.payment import receipts
from shuzheng.engines.payment.actions.ordering import locked_bill
from shuzheng.engines.payment.errors import OwnRefund, ReasonMissing, RefundDecided, SameDecider
from shuzheng.engines.payment.models import Bill, Refund
from shuzheng.engines.payment.policies import APPROVE_REFUND, is_payer
from shuzheng.engines.payment.refunding import book_approval, book_return, shares
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import EVERYTHING, Actor
from shuzheng.kernel.error import FieldProblem, NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

State = Refund.State
#: Characters of a reason that says something.
SHORTEST = 4


class DecideRefundInput(Input):
    """Whether money goes back."""

    refund_id: UUID
    approved: bool
    note: str = Field(default="", max_length=500)


class _OnRefund(Action[DecideRefundInput, Refund]):
    """Base of what a person does with a refund."""

    permission = APPROVE_REFUND
    states: tuple[str, ...] = (State.REQUESTED,)

    def scope(self, actor: Actor, given: DecideRefundInput) -> str:
        """Lock the bill, then the refund; the permission must be held in the division."""
        self.bill, self.refund = locked_refund(given.refund_id)
        return str(self.bill.division_path)

    def check(self, actor: Actor, given: DecideRefundInput) -> None:
        """Refuse the platform, whoever asked and whoever gets the money. Raises NotPermitted, OwnRefund, RefundDecided."""
        if actor.account_id is None:
            raise NotPermitted
        if actor.account_id == self.refund.requester_id or _gains(actor, self.bill):
            raise OwnRefund
        if self.refund.state not in self.states:
            raise RefundDecided(state=self.refund.get_state_display())


class DecideRefund(_OnRefund):
    """Approve or decline a refund (审批退付); never the one who asked, never the platform; declined with a reason.

    Where all that was asked for of one payment is above the limit, a second person approves as well.
    Raises OwnRefund, SameDecider, RefundDecided, NotPermitted, ReasonMissing.
    """

    name = "payment.decide_refund"
    title = _("审批退付")
    states = (State.REQUESTED, State.SECOND)

    def check(self, actor: Actor, given: DecideRefundInput) -> None:
        """Two approvals are two people's; who declines says why."""
        super().check(actor, given)
        if self.refund.state == State.SECOND and actor.account_id == self.refund.decider_id:
            raise SameDecider
        if not given.approved and len(given.note.strip()) < SHORTEST:
            raise ReasonMissing(FieldProblem("note", str(ReasonMissing.message)))

    def perform(self, actor: Actor, given: DecideRefundInput) -> Refund:
        """Decide; an approved refund is sent by a job."""
        refund, second = self.refund, self.refund.state == State.SECOND
        self.about(refund, case_id=self.bill.case_id, division=str(self.bill.division_path), approved=given.approved)
        if second:
            refund.second_by, refund.second_id, refund.second_at = actor.name, actor.account_id, now()
        else:
            refund.decided_by, refund.decider_id, refund.decided_at = actor.name, actor.account_id, now()
        refund.decision_note = given.note or refund.decision_note
        if not given.approved:
            self._decline()
        elif not second and refund.order.refunding > settings.REFUND_SECOND:
            refund.state = State.SECOND
        else:
            parts = shares(self.bill, refund.amount) if refund.order.settles else []
            refund.state = State.APPROVED
            book_approval(self.bill, refund, parts)
            self.emit("payment.refund_approved", refund.pk, amount=refund.amount)
        refund.save()
        return refund

    def _decline(self) -> None:
        refund = self.refund
        refund.state = State.DECLINED
        refund.order.refunding -= refund.amount
        refund.order.save(update_fields=["refunding"])
        data = {"refund": str(refund.pk), "amount": refund.amount, "reason": refund.decision_note}
        self.emit("payment.refund_declined", self.bill.pk, case_id=str(self.bill.case_id or ""), **data)


class RetryRefund(_OnRefund):
    """Send a refund again that the channel could not make (重新退款), under the same number."""

    name = "payment.retry_refund"
    title = _("重新退款")
    states = (State.FAILED,)

    def perform(self, actor: Actor, given: DecideRefundInput) -> Refund:
        """Put it back among those to be sent."""
        self.refund.state, self.refund.failure = State.APPROVED, ""
        self.refund.save(update_fields=["state", "failure"])
        self.about(self.refund, case_id=self.bill.case_id, division=str(self.bill.division_path))
        self.emit("payment.refund_approved", self.refund.pk, amount=self.refund.amount)
        return self.refund


class RecordRefundInput(Input):
    """What the channel says of a refund."""

    refund_id: UUID
    state: Literal["done", "failed"]
    channel_number: str = Field(default="", max_length=64)
    reason: str = Field(default="", max_length=300)


class RecordRefund(Action[RecordRefundInput, Refund]):
    """Book what became of a refund (退款入账), once however often it is told: ledger, bill, red receipt."""

    name = "payment.record_refund"
    permission = EVERYTHING
    title = _("退款入账")

    def perform(self, actor: Actor, given: RecordRefundInput) -> Refund:
        """Book it."""
        bill, refund = locked_refund(given.refund_id)
        if refund.state not in (State.APPROVED, State.FAILED):
            return refund
        self.about(refund, case_id=bill.case_id, division=str(bill.division_path), outcome=given.state)
        if given.state == "failed":
            refund.state, refund.failure = State.FAILED, given.reason
            refund.save(update_fields=["state", "failure"])
            return refund
        refund.state, refund.done_at, refund.channel_number = State.DONE, now(), given.channel_number
        refund.save(update_fields=["state", "done_at", "channel_number"])
        book_return(bill, refund)
        if refund.order.settles:
            self._give_back(bill, refund)
        data = {"case_id": str(bill.case_id or ""), "refund": str(refund.pk), "amount": refund.amount}
        self.emit("payment.bill_refunded", bill.pk, number=bill.number, **data)
        return refund

    def _give_back(self, bill: Bill, refund: Refund) -> None:
        bill.refunded += refund.amount
        whole = bill.refunded == bill.amount
        bill.state = Bill.State.REFUNDED if whole else Bill.State.PARTLY_REFUNDED
        bill.save(update_fields=["refunded", "state"])
        receipts.issue_red(bill, refund)


def _gains(actor: Actor, bill: Bill) -> bool:
    """Say whether the money is the actor's own, or that of a party for whom the actor may act."""
    return is_payer(actor, bill) or (actor.person_id is not None and stands_for(actor.person_id, bill.payer_id))


def locked_refund(refund_id: UUID) -> tuple[Bill, Refund]:
    """Lock the bill of a refund, then the refund and its order. Raises NotFound."""
    found = Refund.objects.filter(pk=refund_id).only("bill_id").first()
    if found is None:
        raise NotFound
    bill = locked_bill(found.bill_id)
    return bill, Refund.objects.select_for_update().select_related("order").get(pk=refund_id)
