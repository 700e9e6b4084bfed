"""Numbers that people read and type: 缴款码, 票据号码, numbers of orders and refunds."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date

from django.db import connection
from stdnum.iso7064 import mod_11_10

from shuzheng.kernel.id import new_id

#: 票据代码: 非税收入统一票据（电子）, six digits of kind and two of the year.
RECEIPT_KIND = "360601"


def bill_number(division_code: str, on: date) -> str:
    """Return a new 缴款码: division (6), year (2), sequence (11) and an ISO 7064 MOD 11,10 check digit."""
    body = f"{division_code[:6]:0<6}{on:%y}{_next('payment_bill_number') % 10**11:011d}"
    return body + mod_11_10.calc_check_digit(body)


def is_bill_number(text: str) -> bool:
    """Say whether a text is a 缴款码 without a slip of the pen."""
    return len(text) == 20 and text.isdigit() and mod_11_10.is_valid(text)


def next_receipt() -> int:
    """Draw the sequence number of a receipt."""
    return _next("payment_receipt_number")


def receipt_number(on: date, sequence: int) -> tuple[str, str]:
    """Return 票据代码 and 票据号码 of a receipt with a sequence number."""
    return f"{RECEIPT_KIND}{on:%y}", f"{sequence % 10**10:010d}"


def receipt_check(code: str, number: str, amount: int, bill: str) -> str:
    """Return the 校验码 of a receipt: six digits that only its own data give (SM3)."""
    digest = hashlib.new("sm3", f"{code}|{number}|{amount}|{bill}".encode()).digest()
    return f"{int.from_bytes(digest[:8]) % 10**6:06d}"


def trade_number(prefix: str) -> str:
    """Return a new number for a channel: 32 letters and digits that nobody can guess."""
    return f"{prefix}{new_id().hex[:20]}{secrets.token_hex(6)}"[:32]


def _next(sequence: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass)", [sequence])
        return cursor.fetchone()[0]
