"""Reads of receipts, by whoever pays and by anybody who holds one."""

from __future__ import annotations

import hmac
from datetime import date
from uuid import UUID

from django.db.models import Sum
from pydantic import BaseModel, computed_field

from shuzheng.engines.documents.credentials.verifying import spend
from shuzheng.engines.payment.errors import NoSuchReceipt
from shuzheng.engines.payment.models import Receipt
from shuzheng.engines.payment.policies import may_read
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.moment import local


def receipt_for(actor: Actor, receipt_id: UUID) -> Receipt:
    """Return a receipt of a bill that the actor may open. Raises NotFound."""
    receipt = Receipt.objects.select_related("bill", "takes_back").filter(pk=receipt_id).first()
    if receipt is None or not may_read(actor, receipt.bill):
        raise NotFound
    return receipt


def taken_back(receipt: Receipt) -> int:
    """Return how much of a receipt red ones took back, in fen (冲红金额)."""
    return -(receipt.red_receipts.aggregate(sum=Sum("amount"))["sum"] or 0)  # type: ignore[attr-defined] - reverse relation


class ReceiptStanding(BaseModel):
    """What anybody is told of a receipt who has it: nothing of who paid."""

    code: str
    number: str
    issued_on: date
    #: In fen; of a red receipt, negative.
    amount: int
    taken_back: int
    is_red: bool
    #: What was charged, by whom.
    charges: list[str]
    units: list[str]

    @computed_field
    @property
    def is_void(self) -> bool:
        """Say whether nothing of it is left (已全部冲红)."""
        return not self.is_red and self.taken_back >= self.amount


def verify_receipt(code: str, number: str, check_code: str, address: str) -> ReceiptStanding:
    """Return how a receipt stands, for whoever knows all three of its numbers (票据查验).

    Raises NoSuchReceipt, and TooManyQueries for an address that tries too often.
    """
    spend(address, 1)
    receipt = Receipt.objects.select_related("takes_back").filter(code=code, number=number).first()
    if receipt is None or not hmac.compare_digest(receipt.check_code.encode(), check_code.encode()):
        raise NoSuchReceipt
    lines = list(receipt.bill.lines.order_by("sequence"))
    return ReceiptStanding(
        code=code,
        number=number,
        issued_on=local(receipt.issued_at).date(),
        amount=receipt.amount,
        taken_back=taken_back(receipt),
        is_red=receipt.is_red,
        charges=list(dict.fromkeys(line.title for line in lines)),
        units=list(dict.fromkeys(line.unit_name for line in lines)),
    )
