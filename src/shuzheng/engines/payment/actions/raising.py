"""Raising a bill from a fee decision (开单)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.identity.queries import nearest_unit
from shuzheng.engines.payment.errors import FeeUndecided
from shuzheng.engines.payment.fees import Fees, decide
from shuzheng.engines.payment.models import Bill, BillLine
from shuzheng.engines.payment.numbers import bill_number
from shuzheng.engines.payment.policies import MANAGE
from shuzheng.engines.vocabulary.divisions import lineage
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.id import new_id
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now, today


class RaiseBillInput(Input):
    """What is billed to whom; a process fills in the fields that have a case's names by itself."""

    #: Code of the fee decision.
    fee: str = Field(max_length=120)
    title: str = Field(min_length=1, max_length=300)
    case_id: UUID | None = None
    case_number: str = Field(default="", max_length=30)
    item_code: str = Field(default="", max_length=120)
    division_code: str = Field(pattern=r"^\d{12}$")
    applicant_kind: str = Field(pattern=r"^(person|legal)$")
    applicant_id: UUID
    applicant_name: str = Field(min_length=1, max_length=200)
    operator_id: UUID | None = None
    #: What the fee decision reads.
    answers: dict[str, Any] = {}
    #: Days in which it is to be paid.
    due_days: int = Field(default=15, ge=1, le=365)
    #: Days before that on which the payer is reminded; 0 reminds on the day itself.
    remind_days: int = Field(default=3, ge=0, le=90)
    #: What follows afterwards: a to-do for a person, or only another reminder. Nothing is refused by itself.
    on_overdue: Literal["todo", "remind"] = "todo"


class RaiseBill(Action[RaiseBillInput, Bill]):
    """Decide on the fees and raise a bill (开具缴款书); usable as a service task of a process.

    A case is billed once for each fee decision: again returns the first bill, unless that was cancelled. A sum of
    nothing is waived at once. Raises FeeUndecided, NoDefinition.
    """

    name = "payment.raise_bill"
    permission = MANAGE
    title = _("开具缴款书")

    def scope(self, actor: Actor, given: RaiseBillInput) -> str:
        """Raise in one's own division."""
        return _path(given.division_code)

    def perform(self, actor: Actor, given: RaiseBillInput) -> Bill:
        """Return the bill."""
        before, key = self._before(given)
        if before is not None:
            return before
        fees = decide(given.fee, given.answers)
        bill = _bill(given, key, fees)
        fresh = bool(Bill.objects.bulk_create([bill], ignore_conflicts=True)) and _is_mine(bill)
        if not fresh:
            return Bill.objects.get(key=key)
        BillLine.objects.bulk_create(_lines(bill, fees))
        self.about(bill, case_id=given.case_id, division=str(bill.division_path), fee=given.fee, amount=bill.amount)
        event = "payment.bill_raised" if bill.state == Bill.State.OPEN else "payment.bill_waived"
        self.emit(event, bill.pk, case_id=str(given.case_id or ""), number=bill.number, amount=bill.amount)
        return bill

    def _before(self, given: RaiseBillInput) -> tuple[Bill | None, str]:
        """Return the bill raised before for the same, if it stands, and the key for a new one."""
        if given.case_id is None:
            return None, f"alone:{new_id()}"
        stem = f"case:{given.case_id}:{given.fee}"
        found = list(Bill.objects.filter(case_id=given.case_id, key__startswith=stem).order_by("-raised_at"))
        if found and found[0].state != Bill.State.CANCELLED:
            return found[0], ""
        return None, f"{stem}:{len(found) + 1}"


def _is_mine(bill: Bill) -> bool:
    return Bill.objects.filter(pk=bill.pk).exists()


def _path(division_code: str) -> str:
    return ".".join(lineage(division_code))


def _bill(given: RaiseBillInput, key: str, fees: Fees) -> Bill:
    free = fees.total == 0
    return Bill(
        number=bill_number(given.division_code, today()),
        key=key,
        title=given.title,
        case_id=given.case_id,
        case_number=given.case_number,
        item_code=given.item_code,
        payer_kind=given.applicant_kind,
        payer_id=given.applicant_id,
        payer_name=given.applicant_name,
        operator_id=given.operator_id,
        division_code=given.division_code,
        division_path=_path(given.division_code),
        amount=fees.total,
        state=Bill.State.WAIVED if free else Bill.State.OPEN,
        closed_at=now() if free else None,
        reason=str(_("按收费标准不用缴费")) if free else "",
        decision_id=fees.decision.id,
        explanation=[line.why for line in fees.lines],
        due_on=today() + timedelta(days=given.due_days),
        remind_days=min(given.remind_days, given.due_days - 1),
        on_overdue=given.on_overdue,
    )


def _lines(bill: Bill, fees: Fees) -> list[BillLine]:
    lines = []
    for sequence, line in enumerate(fees.lines, 1):
        unit = _unit(bill, line.charge.unit)
        lines.append(
            BillLine(
                bill=bill,
                sequence=sequence,
                code=line.charge.code,
                title=line.charge.title,
                unit_id=unit.pk,
                unit_code=unit.code,
                unit_name=unit.name,
                standard=line.charge.standard,
                basis=line.charge.basis,
                quantity=line.quantity,
                measure=line.charge.measure,
                price=line.price,
                full_amount=line.amount,
                amount=line.amount,
                why=line.why[:1000],
                given_back=line.charge.given_back.model_dump(mode="json"),
            )
        )
    return lines


def _unit(bill: Bill, kind: str) -> OrgUnit:
    """Return the unit that collects (执收单位): of the division, or the nearest above. Raises FeeUndecided."""
    unit = nearest_unit(bill.division_code, kind)
    if unit is None:
        raise FeeUndecided(str(_("没有找到执收单位")))
    return unit
