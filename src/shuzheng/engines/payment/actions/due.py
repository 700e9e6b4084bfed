"""Bills and their days: the payer is reminded, what is overdue becomes a to-do, a person puts the day off."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.payment.actions.ordering import locked_bill
from shuzheng.engines.payment.errors import BillNotOpen
from shuzheng.engines.payment.models import Bill
from shuzheng.engines.payment.policies import MANAGE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import EVERYTHING, Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now, today

#: A bill is put off by so many days at most.
LONGEST = 365


class DueInput(Input):
    """Which bill."""

    bill_id: UUID


class _OnDueDay(Action[DueInput, Bill]):
    permission = EVERYTHING
    #: Field that notes when it was done, and the event.
    noted: str
    event: str

    def is_time(self, bill: Bill) -> bool:
        """Say whether the day has come."""
        raise NotImplementedError

    def perform(self, actor: Actor, given: DueInput) -> Bill:
        """Note it once and announce it; nothing else changes."""
        bill = locked_bill(given.bill_id)
        if bill.state != Bill.State.OPEN or getattr(bill, self.noted) is not None or not self.is_time(bill):
            return bill
        setattr(bill, self.noted, now())
        bill.save(update_fields=[self.noted])
        self.about(bill, case_id=bill.case_id, division=str(bill.division_path))
        data = {"case_id": str(bill.case_id or ""), "number": bill.number, "amount": bill.amount}
        self.emit(self.event, bill.pk, due_on=bill.due_on.isoformat(), **data)
        return bill


class RemindPayer(_OnDueDay):
    """Remind the payer of an open bill some days before it is due (缴款提醒), once."""

    name = "payment.remind_payer"
    title = _("缴款提醒")
    noted = "reminded_at"
    event = "payment.bill_due"

    def is_time(self, bill: Bill) -> bool:
        """Some days before."""
        return bill.due_on - timedelta(days=bill.remind_days) <= today()


class NoteOverdue(_OnDueDay):
    """Note that an open bill is overdue (缴款逾期), once: the payer is told, and a person sees to it.

    Neither bill nor case is decided on by that.
    """

    name = "payment.note_overdue"
    title = _("登记缴款逾期")
    noted = "overdue_at"
    event = "payment.bill_overdue"

    def is_time(self, bill: Bill) -> bool:
        """After the day."""
        return bill.due_on < today()


class ExtendBillInput(Input):
    """Which bill, to which day, and why."""

    bill_id: UUID
    due_on: date
    reason: str = Field(min_length=2, max_length=500)


class ExtendBill(Action[ExtendBillInput, Bill]):
    """Put off the day by which a bill is to be paid (缴款延期). Raises BillNotOpen, InvalidInput."""

    name = "payment.extend_bill"
    permission = MANAGE
    title = _("缴款延期")

    def scope(self, actor: Actor, given: ExtendBillInput) -> str:
        """Lock the bill; the permission must be held in its division."""
        self.bill = locked_bill(given.bill_id)
        return str(self.bill.division_path)

    def perform(self, actor: Actor, given: ExtendBillInput) -> Bill:
        """Put it off; the payer will be reminded anew."""
        bill = self.bill
        if bill.state != Bill.State.OPEN:
            raise BillNotOpen(state=bill.get_state_display())
        if not max(bill.due_on, today()) < given.due_on <= today() + timedelta(days=LONGEST):
            raise InvalidInput(FieldProblem("due_on", str(_("新的期限应晚于原期限和今天，并在一年以内。"))))
        before, bill.due_on, bill.reminded_at, bill.overdue_at = bill.due_on, given.due_on, None, None
        bill.save(update_fields=["due_on", "reminded_at", "overdue_at"])
        self.about(
            bill, case_id=bill.case_id, division=str(bill.division_path),
            before=before.isoformat(), after=given.due_on.isoformat(), reason=given.reason,
        )  # fmt: skip
        return bill
