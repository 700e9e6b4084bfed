"""Making receipts (开票): black on payment, red on refund; and what stands on them."""

from __future__ import annotations

from typing import Any, Literal, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.translation import gettext as _

from shuzheng.engines.documents.layout import render
from shuzheng.engines.payment.models import Bill, BillLine, Receipt, Refund
from shuzheng.engines.payment.money import capitals, yuan
from shuzheng.engines.payment.numbers import next_receipt, receipt_check, receipt_number
from shuzheng.kernel.moment import local, today
from shuzheng.kernel.postgresql.base import DatabaseWrapper

#: Template of the layout, in ``packs/base/fees/documents``.
TEMPLATE = "non-tax-receipt"
_PREPARE = """
SELECT nextval('payment_receipt_number'),
    coalesce(json_agg(json_build_array(unit_code, unit_name, amount) ORDER BY sequence), '[]')
FROM payment_billline WHERE bill_id = %s
"""


def prepared(bill: Bill) -> tuple[int, list[tuple[str, str, int]]]:
    """Draw the number of a bill's receipt and return it with the lines that it is for: (unit code, unit name, fen)."""
    with cast(DatabaseWrapper, connections[DEFAULT_DB_ALIAS]).prepared() as cursor:
        cursor.execute(_PREPARE, [bill.pk])
        number, lines = cursor.fetchone()
    return number, [(code, name, amount) for code, name, amount in lines]


def black(bill: Bill, sequence: int) -> Receipt:
    """Return the receipt of a bill that was just paid, to be written with it."""
    return _receipt(bill, bill.amount, sequence)


def issue_red(bill: Bill, refund: Refund) -> Receipt:
    """Make the red receipt that takes back what a refund gives back."""
    takes_back = Receipt.objects.get(bill=bill, takes_back=None)
    made = _receipt(bill, -refund.amount, next_receipt(), takes_back=takes_back, refund_id=refund.pk)
    made.save(force_insert=True)
    return made


def _receipt(bill: Bill, amount: int, sequence: int, **more: Any) -> Receipt:
    code, number = receipt_number(today(), sequence)
    check = receipt_check(code, number, amount, bill.number)
    return Receipt(bill=bill, code=code, number=number, check_code=check, amount=amount, **more)


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
