"""The working calendar (工作日历): which days count as working days, answered in constant time.

Facts come from the yearly notices of the General Office of the State Council (国务院办公厅关于部分节假日安排的通知),
as collected by ``chinese-calendar``, make-up days (调休) included. No Django in this module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from chinese_calendar import constants

#: First and last day that a calendar knows.
FIRST = date(2004, 1, 1)
LAST = date(2040, 12, 31)
_FIRST_ORDINAL = FIRST.toordinal()
_SIZE = LAST.toordinal() - _FIRST_ORDINAL + 1
_SATURDAY = 5


class OutsideCalendar(ValueError):
    """A day lies before the first or after the last day that the calendar knows."""


class SpecialDay(NamedTuple):
    """A day whose nature was laid down: a holiday, a day off in lieu, or a make-up working day."""

    working: bool
    #: Chinese name of the festival or the reason, e.g. ``国庆节``.
    name: str


#: What the notices say and ``chinese-calendar`` does not, with the notice that says it.
CORRECTIONS: dict[date, SpecialDay] = {
    date(2005, 12, 31): SpecialDay(working=True, name="元旦"),  # 国办发明电〔2005〕35号: Saturday, worked for 3 January
}
_FESTIVALS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


class WorkCalendar:
    """An immutable working calendar from 2004 to 2040.

    ``special`` are the days that were laid down; every other day follows its weekday. ``announced`` are the years whose
    holidays the State Council has announced; days of other years are provisional (暂定).
    """

    __slots__ = ("_announced", "_provisional", "_special", "index", "version", "working")

    #: Number of working days up to and including the day at each offset from FIRST.
    index: tuple[int, ...]
    #: Offset from FIRST of every working day, in order.
    working: tuple[int, ...]
    #: Digest of the working days and the announced years; a stored due date keeps it.
    version: str

    def __init__(self, special: Mapping[date, SpecialDay], announced: Iterable[int]) -> None:
        """Build the prefix sums. Raises OutsideCalendar for a special day out of range."""
        self._special = dict(special)
        self._announced = frozenset(announced)
        flags = bytearray((_FIRST_ORDINAL + offset - 1) % 7 < _SATURDAY for offset in range(_SIZE))
        for day, kind in self._special.items():
            flags[_offset(day)] = kind.working
        self.index = tuple(accumulate(flags))
        self.working = tuple(offset for offset, flag in enumerate(flags) if flag)
        provisional = bytes(_provisional_flags(self._announced))
        self._provisional = tuple(accumulate(provisional))
        self.version = hashlib.blake2b(flags + provisional, digest_size=8).hexdigest()

    # -- one day -------------------------------------------------------------------------------------------

    def is_working(self, day: date) -> bool:
        """Say whether a day is a working day. Raises OutsideCalendar."""
        offset = _offset(day)
        return self.index[offset] > (self.index[offset - 1] if offset else 0)

    def is_provisional(self, day: date) -> bool:
        """Say whether the holidays of a day's year have not been announced yet."""
        return day.year not in self._announced

    def special(self, day: date) -> SpecialDay | None:
        """Return what was laid down for a day, or ``None`` where the weekday decides."""
        return self._special.get(day)

    # -- counting ------------------------------------------------------------------------------------------

    def working_index(self, day: date) -> int:
        """Return the number of working days from FIRST up to and including a day. Raises OutsideCalendar."""
        return self.index[_offset(day)]

    def count(self, after: date, through: date) -> int:
        """Return the number of working days later than ``after`` and not later than ``through``."""
        return self.working_index(through) - self.working_index(after)

    def nth_working_day(self, after: date, n: int) -> date:
        """Return the ``n``-th working day (n ≥ 1) later than ``after``. Raises OutsideCalendar."""
        position = self.working_index(after) + n - 1
        if n < 1 or position >= len(self.working):
            raise OutsideCalendar(f"no working day number {n} after {after}")
        return FIRST + timedelta(days=self.working[position])

    def on_or_after(self, day: date) -> date:
        """Return the day itself if it is a working day, else the next one (民法典 §203)."""
        return day if self.is_working(day) else self.nth_working_day(day, 1)

    def any_provisional(self, after: date, through: date) -> bool:
        """Say whether a provisional day lies later than ``after`` and not later than ``through``."""
        return self._provisional[_offset(through)] > self._provisional[_offset(after)]

    # -- other calendars -----------------------------------------------------------------------------------

    def amended(
        self, special: Mapping[date, SpecialDay], announced: Iterable[int] = (), *, replace: Iterable[int] = ()
    ) -> WorkCalendar:
        """Return the calendar with more special days and announced years; years in ``replace`` lose theirs first."""
        dropped = frozenset(replace)
        kept = {day: kind for day, kind in self._special.items() if day.year not in dropped}
        return WorkCalendar({**kept, **special}, self._announced.union(announced))

    def differences(self, other: WorkCalendar) -> list[date]:
        """Return the days, in order, that are working days in only one of the two calendars."""
        changed = sorted(set(self.working).symmetric_difference(other.working))
        return [FIRST + timedelta(days=offset) for offset in changed]

    def __eq__(self, other: object) -> bool:
        """Compare by version."""
        return isinstance(other, WorkCalendar) and self.version == other.version

    def __hash__(self) -> int:
        """Hash by version."""
        return hash(self.version)

    def __repr__(self) -> str:
        """Return the version and the last announced year."""
        return f"<WorkCalendar {self.version}, announced to {max(self._announced, default=None)}>"


def _offset(day: date) -> int:
    offset = day.toordinal() - _FIRST_ORDINAL
    if not 0 <= offset < _SIZE:
        raise OutsideCalendar(f"{day} lies outside {FIRST} to {LAST}")
    return offset


def _provisional_flags(announced: frozenset[int]) -> Iterable[int]:
    for year in range(FIRST.year, LAST.year + 1):
        days = date(year, 12, 31).timetuple().tm_yday
        yield from [year not in announced] * days


@cache
def national_calendar() -> WorkCalendar:
    """Return the calendar of the State Council's notices, without what officers entered here."""
    special = {day: SpecialDay(False, _FESTIVALS[name]) for day, name in constants.holidays.items()}
    special |= {day: SpecialDay(True, _FESTIVALS[name]) for day, name in constants.workdays.items()}
    last = max(special).year
    return WorkCalendar(special | CORRECTIONS, range(FIRST.year, last + 1))
