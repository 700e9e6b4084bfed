"""Making receipts (开票): black on payment, red on refund; and what stands on them."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from shuzheng.engines.documents.layout import render
from shuzheng.engines.payment.models import Bill, BillLine, Receipt, Refund
from shuzheng.engines.payment.money import capitals, yuan
from shuzheng.engines.payment.numbers import receipt_check, receipt_number
from shuzheng.kernel.moment import local, today

#: Template of the layout, in ``packs/base/fees/documents``.
TEMPLATE = "non-tax-receipt"


def issue(bill: Bill) -> Receipt:
    """Make the receipt of a bill that was just paid."""
    return _make(bill, bill.amount, None, None)


def issue_red(bill: Bill, refund: Refund) -> Receipt:
    """Make the red receipt that takes back what a refund gives back."""
    black = Receipt.objects.get(bill=bill, takes_back=None)
    return _make(bill, -refund.amount, black, refund.pk)


def _make(bill: Bill, amount: int, takes_back: Receipt | None, refund_id: UUID | None) -> Receipt:
    code, number = receipt_number(today())
    return Receipt.objects.create(
        bill=bill,
        code=code,
        number=number,
        check_code=receipt_check(code, number, amount, bill.number),
        amount=amount,
        takes_back=takes_back,
        refund_id=refund_id,
    )


def face(receipt: Receipt) -> dict[str, str | bytes | list[dict[str, str]]]:
    """Return what stands on a receipt, for its layout."""
    bill, lines = receipt.bill, list(receipt.bill.lines.order_by("sequence"))
    note = bill.title
    if receipt.takes_back is not None:
        black = receipt.takes_back
        note = _("冲红原票据 {code} {number}").format(code=black.code, number=black.number)
    return {
        "heading": _("非税收入统一票据（电子）红字") if receipt.is_red else _("非税收入统一票据（电子）"),
        "code": receipt.code,
        "number": receipt.number,
        "check_code": receipt.check_code,
        "payer": bill.payer_name,
        "bill_number": bill.number,
        "issued_on": f"{local(receipt.issued_at):%Y-%m-%d}",
        "lines": [_line(line) for line in lines],
        "total": yuan(receipt.amount),
        "capitals": capitals(receipt.amount),
        "units": "、".join(dict.fromkeys(line.unit_name for line in lines)),
        "note": note,
    }


def _line(line: BillLine) -> dict[str, str]:
    return {
        "code": line.code,
        "title": line.title,
        "standard": line.standard,
        "quantity": f"{line.quantity.normalize():f} {line.measure}".strip(),
        "amount": yuan(line.amount),
    }


def rendered(receipt: Receipt, form: Literal["ofd", "pdf"]) -> bytes:
    """Return a receipt as a file, by the layout in the pack ``fees``. Raises NoDefinition, Unavailable."""
    return render(TEMPLATE, face(receipt), format=form, created=local(receipt.issued_at).date())
