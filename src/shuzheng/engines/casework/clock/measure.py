"""Units of time as a tape with ticks (计量): where an instant lies, how much has been counted there, and back again.

A tick is a day for day units and a microsecond for hours. ``count`` grows along the tape only where the unit counts;
``reach`` is its inverse. Pauses are pairs (a, b] of ticks: nothing counts after a up to and including b.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from shuzheng.engines.casework.clock.rule import ClockRule, Unit
from shuzheng.engines.vocabulary.calendar import FIRST, LAST, OutsideCalendar, WorkCalendar
from shuzheng.kernel.moment import ZONE

Pause = tuple[int, int]

#: End of a pause that still lasts.
FOREVER = 1 << 62
_ZERO = datetime.combine(FIRST, time(), ZONE)
_ZERO_UTC = _ZERO.astimezone(UTC)
_MICROSECOND = timedelta(microseconds=1)
_HOUR = 3_600_000_000
_DAY = 24 * _HOUR
_DAYS = (LAST - FIRST).days + 1
_MONTHS = 12 * (LAST.year - FIRST.year + 1)
#: Beginning and last microsecond of every day; the last instant in time is 24:00 less one microsecond.
_OPENS = tuple(_ZERO + timedelta(days=n) for n in range(_DAYS))
_CLOSES = tuple(after - _MICROSECOND for _, after in pairwise(_OPENS))


class Measure(ABC):
    """One unit on one calendar."""

    #: Counted ticks in one unit.
    unit = 1

    @abstractmethod
    def tick(self, at: datetime) -> int:
        """Return the tick of an instant. Raises OutsideCalendar."""

    @abstractmethod
    def count(self, tick: int) -> int:
        """Return how much counts up to and including a tick."""

    @abstractmethod
    def reach(self, count: int) -> int:
        """Return the first tick at which so much has been counted. Raises OutsideCalendar."""

    def amount(self, begin: int, units: int) -> int:
        """Return how much must be counted for so many units of a limit that begins in a tick. Raises OutsideCalendar."""
        return units * self.unit

    @abstractmethod
    def opens(self, tick: int) -> datetime:
        """Return the instant at which a tick begins."""

    @abstractmethod
    def closes(self, tick: int) -> datetime:
        """Return the last instant that is in time if a limit ends with this tick."""

    def passed(self, last: int, at: datetime) -> bool:
        """Say whether an instant is too late for a limit that ends with a tick."""
        return self.tick(at) > last

    def settle(self, tick: int, pauses: list[Pause]) -> int | None:
        """Return the last tick of a limit whose last unit is counted at ``tick``; ``None`` while it is not known."""
        return tick


class CalendarDays(Measure):
    """Every day counts (自然日); a last day that is a day off may move to the next working day."""

    def __init__(self, calendar: WorkCalendar, *, roll_over: bool = True, closes_at: time | None = None) -> None:
        """Keep the calendar's arrays at hand."""
        self._index, self._working = calendar.index, calendar.working
        self._roll_over, self._closes_at = roll_over, closes_at

    def tick(self, at: datetime) -> int:
        """Return the offset of the local day from the calendar's first."""
        offset = (at - _ZERO_UTC).days
        if not 0 <= offset < _DAYS:
            raise OutsideCalendar(f"{at} lies outside {FIRST} to {LAST}")
        return offset

    def count(self, tick: int) -> int:
        """Return the tick itself."""
        return tick

    def reach(self, count: int) -> int:
        """Return the count itself."""
        return count

    def opens(self, tick: int) -> datetime:
        """Return midnight at the beginning of the day."""
        return _OPENS[_inside(tick)]

    def closes(self, tick: int) -> datetime:
        """Return the end of the day, or of its business hours."""
        if self._closes_at is not None:
            return datetime.combine(_OPENS[_inside(tick)], self._closes_at, ZONE)
        return _CLOSES[_inside(tick)]

    def passed(self, last: int, at: datetime) -> bool:
        """Say whether an instant lies after the last day, or after its business hours."""
        return super().passed(last, at) if self._closes_at is None else at > self.closes(last)

    def settle(self, tick: int, pauses: list[Pause]) -> int | None:
        """Return the last day; a limit never ends while it is suspended, but on the first day that counts thereafter."""
        day = self._rolled(tick)
        for since, until in pauses:
            if since <= day < until:
                if until == FOREVER:
                    return None
                day = self._rolled(self.reach(self.count(until) + 1))
        return day

    def _rolled(self, day: int) -> int:
        """Move a day off to the next working day (民法典 §203(1))."""
        if not self._roll_over:
            return day
        before = self._index[_inside(day) - 1] if day else 0
        return day if self._index[day] > before else self._working[before]


class Months(CalendarDays):
    """Months by the calendar (民法典 §202): up to the date of the beginning, or the month's last day where it has none.

    What passes is days, so that a suspension takes away as many as it lasts.
    """

    def amount(self, begin: int, units: int) -> int:
        """Return the days from the beginning to the same date so many months later."""
        if units > _MONTHS:
            raise OutsideCalendar(f"a limit reaches beyond {LAST}")
        return _inside((months_after(_OPENS[_inside(begin)].date(), units) - FIRST).days) - begin


def months_after(day: date, months: int) -> date:
    """Return the corresponding day (对应日) so many months later, else the last day of that month (民法典 §202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class WorkingDays(CalendarDays):
    """Only working days count (行政许可法 §82)."""

    def count(self, tick: int) -> int:
        """Return the number of working days up to and including the day."""
        return self._index[tick]

    def reach(self, count: int) -> int:
        """Return the day of the working day with this number."""
        if count > len(self._working):
            raise OutsideCalendar(f"a limit ends after {LAST}")
        return self._working[count - 1]

    def _rolled(self, day: int) -> int:
        return day


class Hours(Measure):
    """Hours run day and night, from the very instant (民法典 §201(2))."""

    unit = _HOUR

    def tick(self, at: datetime) -> int:
        """Return the microseconds since the calendar began."""
        tick = (at - _ZERO_UTC) // _MICROSECOND
        _inside(tick // _DAY)
        return tick

    def count(self, tick: int) -> int:
        """Return the tick itself."""
        return tick

    def reach(self, count: int) -> int:
        """Return the count itself."""
        return count

    def opens(self, tick: int) -> datetime:
        """Return the instant of the tick."""
        return _ZERO + timedelta(microseconds=tick)

    def closes(self, tick: int) -> datetime:
        """Return the instant of the tick."""
        return _ZERO + timedelta(microseconds=tick)


class WorkingHours(Hours):
    """Hours count only within the office hours of working days."""

    def __init__(self, calendar: WorkCalendar, office_hours: tuple[tuple[time, time], ...]) -> None:
        """Keep the office hours in microseconds."""
        self._index, self._working = calendar.index, calendar.working
        self._periods = [(_since_midnight(since), _since_midnight(until)) for since, until in office_hours]
        self._per_day = sum(until - since for since, until in self._periods)

    def count(self, tick: int) -> int:
        """Return the business microseconds up to a tick."""
        day, rest = divmod(tick, _DAY)
        before = self._index[day - 1] if day else 0
        if self._index[_inside(day)] == before:
            return before * self._per_day
        spent = sum(min(max(rest - since, 0), until - since) for since, until in self._periods)
        return before * self._per_day + spent

    def reach(self, count: int) -> int:
        """Return the first tick at which so many business microseconds have passed."""
        day, rest = divmod(count - 1, self._per_day)
        if day >= len(self._working):
            raise OutsideCalendar(f"a limit ends after {LAST}")
        rest += 1
        for since, until in self._periods:
            if rest <= until - since:
                return self._working[day] * _DAY + since + rest
            rest -= until - since
        raise AssertionError("a day's periods are shorter than the day")


def measure_of(rule: ClockRule, calendar: WorkCalendar) -> Measure:
    """Return the measure of a rule's unit."""
    match rule.unit:
        case Unit.WORKING_DAY:
            return WorkingDays(calendar, closes_at=rule.closes_at)
        case Unit.CALENDAR_DAY:
            return CalendarDays(calendar, roll_over=rule.roll_over, closes_at=rule.closes_at)
        case Unit.MONTH:
            return Months(calendar, roll_over=rule.roll_over, closes_at=rule.closes_at)
        case Unit.HOUR:
            return Hours()
        case Unit.WORKING_HOUR:
            return WorkingHours(calendar, rule.office_hours)


def _inside(offset: int) -> int:
    if not 0 <= offset < _DAYS - 1:
        raise OutsideCalendar(f"a limit reaches beyond {LAST}")
    return offset


def _since_midnight(moment: time) -> int:
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000
