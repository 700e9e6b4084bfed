"""Numbers of letters (文号): office, word, year, serial; without gaps, because number and letter commit together.

Only letters of one office, word and year wait for one another, in jobs, for as long as a row takes to insert.
"""

from __future__ import annotations

from django.db import connection

from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.vocabulary.divisions import lineage, pad
from shuzheng.engines.vocabulary.errors import UnknownDivision
from shuzheng.engines.vocabulary.queries import division
from shuzheng.kernel.caching import remembered
from shuzheng.kernel.id import new_id

_SERIAL = """
    INSERT INTO casework_letterserial (id, unit_id, word, year, last) VALUES (%s, %s, %s, %s, 1)
    ON CONFLICT (unit_id, word, year) DO UPDATE SET last = casework_letterserial.last + 1 RETURNING last
"""
#: Ends of names that the short form of an office leaves out.
ENDS_OF_PLACES = ("街道", "省", "市", "区", "县", "镇", "乡")
ENDS_OF_OFFICES = ("管理局", "局", "委员会", "办公室", "中心")


def next_serial(unit: OrgUnit, word: str, year: int) -> int:
    """Return the next serial number; it is taken when the transaction commits, and given back when it does not."""
    with connection.cursor() as cursor:
        cursor.execute(_SERIAL, [new_id(), unit.pk, word, year])
        return cursor.fetchone()[0]


def number_of(unit: OrgUnit, word: str, year: int, serial: int) -> str:
    """Return a number as it stands on a letter: 章贡市场监管准〔2026〕18号."""
    return f"{office_of(unit)}{word}〔{year}〕{serial}号"


def office_of(unit: OrgUnit) -> str:
    """Return the short form of an office in numbers (机关代字)."""
    place, office = _place(unit.division_code), _without(unit.short_name, ENDS_OF_OFFICES)
    return office if office.startswith(place) else f"{place}{office}"


@remembered(seconds=300)
def _place(code: str) -> str:
    try:
        return _without(division(pad(lineage(code)[-1])).name, ENDS_OF_PLACES)
    except UnknownDivision:
        return ""


def _without(name: str, ends: tuple[str, ...]) -> str:
    """Return a name without its usual end, unless hardly anything would be left."""
    short = next((name.removesuffix(end) for end in ends if name.endswith(end)), name)
    return short if len(short) > 1 else name
