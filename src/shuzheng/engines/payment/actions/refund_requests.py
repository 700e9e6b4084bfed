"""Asking for money back (申请退付): by an officer, or by the payer."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.payment.actions.ordering import locked_bill
from shuzheng.engines.payment.errors import BillNotOpen, NoSuchBill
from shuzheng.engines.payment.models import Order, Refund
from shuzheng.engines.payment.policies import REQUEST_REFUND, is_payer
from shuzheng.engines.payment.refunding import request_refund
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.id import new_id
from shuzheng.kernel.input import Input
from shuzheng.kernel.policy import SIGNED_IN


class RequestRefundInput(Input):
    """What is to be given back of a paid bill, and why."""

    bill_id: UUID
    #: In fen; everything that is left when absent.
    amount: int | None = Field(default=None, gt=0)
    reason: Literal["withdrawn", "overpaid", "duplicate", "refused", "exempt", "other"]
    note: str = Field(default="", max_length=500)


class RequestRefund(Action[RequestRefundInput, Refund]):
    """Ask for a refund of a paid bill (申请退付); another person decides. Raises RefundTooLarge, BillNotOpen."""

    name = "payment.request_refund"
    permission = REQUEST_REFUND
    title = _("申请退付")
    source = Refund.Source.OFFICER

    def scope(self, actor: Actor, given: RequestRefundInput) -> str:
        """Lock the bill; the permission must be held in its division."""
        self.bill = locked_bill(given.bill_id)
        return str(self.bill.division_path)

    def perform(self, actor: Actor, given: RequestRefundInput) -> Refund:
        """Ask for it; the same that still waits is not asked for twice."""
        order = Order.objects.select_for_update().filter(bill=self.bill, settles=True).first()
        if order is None:
            raise BillNotOpen(_("这张缴款书没有缴款，不能退付。"))
        amount = given.amount or order.amount - order.refunding
        by = actor if actor.account_id else None
        same = Refund.objects.filter(
            bill=self.bill, state=Refund.State.REQUESTED, amount=amount, reason=given.reason, note=given.note,
            requester_id=actor.account_id,
        ).first()  # fmt: skip
        if same is not None:
            return same
        refund = request_refund(
            self.bill, order, amount, given.reason,
            key=f"asked:{new_id()}", by=by, note=given.note, source=self.source if by else "",
        )  # fmt: skip
        self.about(refund, case_id=self.bill.case_id, division=str(self.bill.division_path), amount=amount)
        self.emit("payment.refund_requested", refund.pk, bill=str(self.bill.pk), amount=amount, reason=given.reason)
        return refund


class ApplyForRefundInput(RequestRefundInput):
    """What the payer wants back, and why in their own words."""

    note: str = Field(min_length=4, max_length=500)


class ApplyForRefund(RequestRefund):
    """Ask for one's own money back (缴款人申请退款); an officer decides, never a rule.

    Raises NoSuchBill, RefundTooLarge, BillNotOpen.
    """

    name = "payment.apply_for_refund"
    permission = SIGNED_IN
    title = _("申请退款")
    source = Refund.Source.PAYER
    input = ApplyForRefundInput

    def scope(self, actor: Actor, given: RequestRefundInput) -> str:
        """Lock the bill; no division scope applies."""
        self.bill = locked_bill(given.bill_id)
        return ""

    def check(self, actor: Actor, given: RequestRefundInput) -> None:
        """Only the payer, or whoever acts for the payer."""
        if not is_payer(actor, self.bill):
            raise NoSuchBill
