"""Identifiers: UUIDv7 keys and check characters for numbers that people copy by hand."""

from __future__ import annotations

from uuid import UUID

from stdnum.iso7064 import mod_37_36
from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562): unique, and ordered by creation."""
    return uuid7()


def check_character(body: str) -> str:
    """Return the ISO 7064 MOD 37,36 check character of letters and digits.

    It reveals every single wrong character and nearly every transposition (GB/T 17710).
    """
    return mod_37_36.calc_check_digit(body.upper())


def is_checked(number: str) -> bool:
    """Say whether a number's last character is its right check character."""
    return len(number) > 1 and mod_37_36.is_valid(number.upper())
