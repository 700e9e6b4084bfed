"""Numbers that no earlier call returned: of persons, firms, telephones, service cards."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from stdnum.cn import ric, uscc

_numbers = itertools.count(1)
#: People of one sex born on one day, by county; beyond ``_PER_DAY`` the next county of 赣州 registers them.
_serials: dict[tuple[str, date, bool], Iterator[int]] = defaultdict(itertools.count)
_PER_DAY = 499
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def an_id_number(born: str | date = "1985-06-15", *, female: bool = True, county: str = "360702") -> str:
    """Return a valid citizen id number that no earlier call returned."""
    day = date.fromisoformat(born) if isinstance(born, str) else born
    round_, serial = divmod(next(_serials[county, day, female]), _PER_DAY)
    prefix = county if round_ == 0 else f"3607{22 + round_}"
    body = f"{prefix}{day:%Y%m%d}{serial * 2 + (2 if female else 1):03d}"
    return body + ric.calc_check_digit(body + "0")


def a_mobile() -> str:
    """Return a mobile number that no earlier call returned."""
    return f"138{next(_numbers):08d}"


def a_credit_code(county: str = "360702") -> str:
    """Return a valid unified social credit code that no earlier call returned."""
    serial = "".join(random.Random(next(_numbers)).choices(_ALPHABET, k=9))
    body = f"91{county}{serial}"
    return body + uscc.calc_check_digit(body)


def a_number() -> int:
    """Return a number that no earlier call returned."""
    return next(_numbers)
