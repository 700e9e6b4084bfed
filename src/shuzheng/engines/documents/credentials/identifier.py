"""The identifier of an e-licence (电子证照标识, GB/T 36904): pure, and checked by its last character.

``1.2.156.3005.2.<type 21>.<issuer 18>.<serial>.<version 3>.<check>``: the type begins with the credit code of the organ
that defines it, the check character (ISO 7064 MOD 37,36) is over all parts after the root, without their dots. We write
serials of nine characters; identifiers of other platforms have up to 32, and name some issuers by a division's code.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from typing import Self

from shuzheng.kernel.id import check_character, is_checked

#: Root of the national register of e-licences.
ROOT = "1.2.156.3005.2"
TYPE_CODE = re.compile(r"[0-9A-Z]{18}\d{3}")
_SHAPE = re.compile(
    rf"{re.escape(ROOT)}\.([0-9A-Z]{{18}}\d{{3}})\.([0-9A-Z]{{6,18}})\.([0-9A-Z]{{1,32}})\.(\d{{3}})\.([0-9A-Z])"
)
#: Letters and digits that nobody takes for one another when reading aloud.
_SPOKEN = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 12
_AUTHORITY = "11"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class IdentifierUnreadable(ValueError):
    """The text is no identifier of an e-licence."""


@dataclass(frozen=True)
class Identifier:
    """An identifier in its parts."""

    type: str
    issuer: str
    serial: str
    version: int = 1

    def __str__(self) -> str:
        """Return the identifier as it is written."""
        parts = (self.type, self.issuer, self.serial, f"{self.version:03}")
        return ".".join((ROOT, *parts, check_character("".join(parts))))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an identifier, in either case and with blanks around it. Raises IdentifierUnreadable."""
        shape = _SHAPE.fullmatch(text.strip().upper())
        if shape is None or not is_checked("".join(shape.groups())):
            raise IdentifierUnreadable(text)
        type_code, issuer, serial, version, _check = shape.groups()
        return cls(type_code, issuer, serial, int(version))

    def next_version(self) -> Self:
        """Return the identifier of the licence that takes this one's place (更正、换发)."""
        return replace(self, version=self.version + 1)


def issuer_code(division_code: str, kind: str) -> str:
    """Return a code in the shape of a credit code (GB 32100) for a unit of government whose own is not registered.

    ``11`` for organs, the division, nine characters from the unit's kind, and the right check character.
    """
    number = int.from_bytes(kind.encode(), "big")
    word = ""
    for _place in range(9):
        number, digit = divmod(number, len(_USCC))
        word += _USCC[digit]
    body = f"{_AUTHORITY}{division_code[:6]:0<6}{word}"
    total = sum(_USCC.index(character) * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    return body + _USCC[(31 - total % 31) % 31]


def new_code() -> str:
    """Return a short code to be printed on a licence: 55 bits that cannot be guessed, and a check character."""
    body = "".join(secrets.choice(_SPOKEN) for _place in range(CODE_LENGTH - 1))
    return body + check_character(body)


def read_code(text: str) -> str:
    """Return a short code as it is kept: capitals, without the blanks and dashes that people put in; empty if it is none."""
    plain = re.sub(r"[\s\-]", "", text).upper()
    return plain if len(plain) == CODE_LENGTH and plain.isalnum() and plain.isascii() and is_checked(plain) else ""


def written_code(code: str) -> str:
    """Return a short code in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
