"""What happens to bills besides being paid: cancelled, reduced, released by a case that ends."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.payment.actions.ordering import locked_bill
from shuzheng.engines.payment.definitions import Charge, ExemptionGround
from shuzheng.engines.payment.errors import BillNotOpen
from shuzheng.engines.payment.models import Bill, BillLine, Exemption, Order, Refund
from shuzheng.engines.payment.money import fen
from shuzheng.engines.payment.policies import MANAGE
from shuzheng.engines.payment.refunding import request_refund
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import get
from shuzheng.kernel.error import Conflict, FieldProblem, InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class CancelBillInput(Input):
    """Which bill, and why."""

    bill_id: UUID
    reason: str = Field(min_length=2, max_length=500)


class CancelBill(Action[CancelBillInput, Bill]):
    """Cancel an open bill (取消缴款书). Money that still comes is given back on request. Raises BillNotOpen."""

    name = "payment.cancel_bill"
    permission = MANAGE
    title = _("取消缴款书")

    def scope(self, actor: Actor, given: CancelBillInput) -> str:
        """Lock the bill; the permission must be held in its division."""
        self.bill = locked_bill(given.bill_id)
        return str(self.bill.division_path)

    def perform(self, actor: Actor, given: CancelBillInput) -> Bill:
        """Cancel it; its orders are closed by a job."""
        if self.bill.state == Bill.State.CANCELLED:
            return self.bill
        if self.bill.state != Bill.State.OPEN:
            raise BillNotOpen(state=self.bill.get_state_display())
        _cancel(self, self.bill, given.reason)
        return self.bill


def _cancel(action: Action, bill: Bill, reason: str) -> None:
    bill.state, bill.closed_at, bill.reason = Bill.State.CANCELLED, now(), reason
    bill.save(update_fields=["state", "closed_at", "reason"])
    action.about(bill, case_id=bill.case_id, division=str(bill.division_path))
    action.emit("payment.bill_cancelled", bill.pk, case_id=str(bill.case_id or ""), number=bill.number)


class ExemptLineInput(Input):
    """Which line, on which of the charge's grounds, proved by what."""

    bill_id: UUID
    line_id: UUID
    ground: str = Field(max_length=120)
    #: The proof: id of a stored file or number of a licence.
    document: str = Field(min_length=4, max_length=200)


class ExemptLine(Action[ExemptLineInput, Bill]):
    """Reduce or remit a charge on a ground that it declares, with proof (办理减免); the approver is on record.

    Raises BillNotOpen, InvalidInput, Conflict. A bill that comes to nothing is waived.
    """

    name = "payment.exempt_line"
    permission = MANAGE
    title = _("办理减免")

    def scope(self, actor: Actor, given: ExemptLineInput) -> str:
        """Lock the bill; the permission must be held in its division."""
        self.bill = locked_bill(given.bill_id)
        return str(self.bill.division_path)

    def check(self, actor: Actor, given: ExemptLineInput) -> None:
        """A person approves an exemption, and not one's own."""
        if actor.account_id is None or actor.person_id in (self.bill.payer_id, self.bill.operator_id):
            raise NotPermitted

    def perform(self, actor: Actor, given: ExemptLineInput) -> Bill:
        """Reduce the line and the bill."""
        bill = self.bill
        if bill.state != Bill.State.OPEN:
            raise BillNotOpen(state=bill.get_state_display())
        if Order.objects.filter(bill=bill, state=Order.State.PENDING).exists():
            raise Conflict(_("缴款人正在付款，暂时不能减免。请过半小时再试。"))
        line = BillLine.objects.filter(bill=bill, pk=given.line_id).first()
        if line is None:
            raise NotFound
        if Exemption.objects.filter(line=line, ground=given.ground).exists():
            return bill
        ground = _ground(line, given.ground)
        part = min(line.amount, fen(Decimal(line.full_amount) / 100 * ground.share))
        Exemption.objects.create(
            line=line, ground=ground.code, title=ground.title, basis=ground.basis, document=given.document, amount=part,
            approved_by=actor.name, approver_id=actor.account_id,
        )  # fmt: skip
        line.amount -= part
        line.save(update_fields=["amount"])
        self._reduce(bill, part, ground)
        return bill

    def _reduce(self, bill: Bill, part: int, ground: ExemptionGround) -> None:
        bill.amount -= part
        if bill.amount == 0:
            bill.state, bill.closed_at, bill.reason = Bill.State.WAIVED, now(), ground.title
            self.emit("payment.bill_waived", bill.pk, case_id=str(bill.case_id or ""), number=bill.number, amount=0)
        bill.save(update_fields=["amount", "state", "closed_at", "reason"])
        self.about(bill, case_id=bill.case_id, division=str(bill.division_path), ground=ground.code, amount=part)


def _ground(line: BillLine, code: str) -> ExemptionGround:
    charge: Charge = get("charge", line.code).body
    found = next((ground for ground in charge.exemptions if ground.code == code), None)
    if found is None:
        raise InvalidInput(FieldProblem("ground", str(_("这个收费项目没有这种减免情形。"))))
    return found


#: Why an open bill of such a case is cancelled.
_WHY = {"withdrawn": _("申请人撤回申请"), "refused": _("申请未获准予")}


class ReleaseBillsInput(Input):
    """Which case has ended, how, and why."""

    case_id: UUID
    ground: Literal["withdrawn", "refused"] = "withdrawn"
    reason: str = Field(default="", max_length=500)


class Released(BaseModel):
    """What became of a case's bills."""

    cancelled: int
    refunds: int


class ReleaseBills(Action[ReleaseBillsInput, Released]):
    """Let go of the bills of a case that was withdrawn or refused (办件终止处理缴款): open ones are cancelled.

    Of paid ones a refund is proposed where the charge gives something back on this ground; a person decides on it.
    """

    name = "payment.release_bills"
    permission = MANAGE
    title = _("办件终止处理缴款")

    def perform(self, actor: Actor, given: ReleaseBillsInput) -> Released:
        """Go through the case's bills; a second time there is nothing left to do."""
        cancelled = refunds = 0
        for bill in Bill.objects.select_for_update().filter(case_id=given.case_id).order_by("pk"):
            if bill.state == Bill.State.OPEN:
                _cancel(self, bill, given.reason or str(_WHY[given.ground]))
                cancelled += 1
            elif bill.state in (Bill.State.PAID, Bill.State.PARTLY_REFUNDED):
                refunds += self._propose(bill, given)
        self.about(case_id=given.case_id, cancelled=cancelled, refunds=refunds)
        return Released(cancelled=cancelled, refunds=refunds)

    def _propose(self, bill: Bill, given: ReleaseBillsInput) -> int:
        order = Order.objects.select_for_update().get(bill=bill, settles=True)
        amount = min(order.amount - order.refunding, sum(_share(line, given.ground) for line in bill.lines.all()))
        key = f"{given.ground}:{order.pk}"
        if amount <= 0 or Refund.objects.filter(key=key).exists():
            return 0
        refund = request_refund(bill, order, amount, given.ground, key=key, note=given.reason)
        self.emit("payment.refund_requested", refund.pk, bill=str(bill.pk), amount=amount, reason=given.ground)
        return 1


def _share(line: BillLine, ground: str) -> int:
    """Return what of a line goes back on a ground, in fen; before the rule was kept, withdrawing gave back everything."""
    share = line.given_back.get(ground, "1" if ground == "withdrawn" else "0")
    return fen(Decimal(line.amount) / 100 * Decimal(share))
