"""What the HTTP API of payment takes and gives. Amounts are whole fen of CNY."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import ModelSchema
from pydantic import BaseModel, Field

from shuzheng.engines.payment.models import Bill, BillLine, Discrepancy, Order, Receipt, Refund, Statement


class LineOut(ModelSchema):
    """One charge of a bill, with its standard and legal basis."""

    class Meta:
        """What is shown."""

        model = BillLine
        fields = ("sequence", "code", "title", "unit_name", "standard", "basis", "quantity", "measure", "price",
                  "full_amount", "amount", "why")  # fmt: skip


class BillOut(ModelSchema):
    """A bill (缴款书)."""

    class Meta:
        """What is shown."""

        model = Bill
        fields = ("id", "number", "title", "case_number", "item_code", "amount", "refunded", "state", "due_on", "raised_at",
                  "paid_at")  # fmt: skip

    case_id: UUID | None
    #: Open after the day on which it was due.
    is_overdue: bool


class OfficeBillOut(BillOut):
    """A bill as offices list it."""

    #: Masked where it is a person.
    payer: str


class RefundOut(ModelSchema):
    """A refund that was asked for (退付)."""

    class Meta:
        """What is shown."""

        model = Refund
        fields = ("number", "amount", "reason", "note", "state", "source", "requested_at", "decided_at", "decision_note",
                  "done_at", "failure")  # fmt: skip

    bill_id: UUID


class OrderOut(ModelSchema):
    """An attempt to pay a bill, and where it is paid: an address, or the text of a code to scan."""

    class Meta:
        """What is shown."""

        model = Order
        fields = ("number", "channel", "amount", "state", "pay_url", "settles", "created_at", "expires_at",
                  "received_at")  # fmt: skip

    bill_id: UUID


class ReceiptOut(ModelSchema):
    """An electronic receipt (非税电子票据), or a red one."""

    class Meta:
        """What is shown."""

        model = Receipt
        fields = ("id", "code", "number", "check_code", "amount", "issued_at")

    is_red: bool


class WholeBillOut(BillOut):
    """A bill with everything that belongs to it."""

    payer_name: str
    lines: list[LineOut]
    orders: list[OrderOut]
    refunds: list[RefundOut]
    receipts: list[ReceiptOut]


class BillsOut(BaseModel):
    """One page of bills; ``next`` is given as ``after`` to see more."""

    items: list[BillOut]
    next: str | None


class OfficeBillsOut(BaseModel):
    """One page of an office's bills."""

    items: list[OfficeBillOut]
    next: str | None


class OrderIn(BaseModel):
    """By which channel to pay."""

    channel: str = Field(pattern=r"^[a-z][a-z0-9_]{0,19}$", description="One of the names under /channels.")
    return_url: str = Field(default="", max_length=300, pattern=r"^(/[A-Za-z0-9_./?=&%-]*)?$")


class RefundIn(BaseModel):
    """What the payer wants back, and why."""

    #: Everything that is left when absent.
    amount: int | None = Field(default=None, gt=0)
    reason: Literal["withdrawn", "overpaid", "duplicate", "refused", "exempt", "other"]
    note: str = Field(min_length=4, max_length=500)


class ChannelOut(BaseModel):
    """A way to pay."""

    name: str
    title: str


class StatementOut(ModelSchema):
    """A day of a channel as reconciled (对账结果)."""

    class Meta:
        """What is shown."""

        model = Statement
        fields = ("id", "channel", "day", "state", "trouble", "digest", "lines", "matched", "received", "refunded",
                  "matched_at")  # fmt: skip

    #: Differences that nobody has settled.
    open: int


class DiscrepancyOut(ModelSchema):
    """Something that file and books do not agree about (差异)."""

    class Meta:
        """What is shown."""

        model = Discrepancy
        fields = ("id", "kind", "state", "number", "trade_number", "line", "ours", "theirs", "detail", "resolution", "note",
                  "claimed_by", "resolved_by", "confirmed_by")  # fmt: skip

    resolved_at: datetime | None


class WholeStatementOut(StatementOut):
    """A day with its differences, the open ones first."""

    differences: list[DiscrepancyOut]


class StatementsOut(BaseModel):
    """One page of days, the latest first."""

    items: list[StatementOut]
    next: str | None
