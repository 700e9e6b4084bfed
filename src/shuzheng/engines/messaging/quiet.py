"""When a notice may disturb somebody: quiet hours (免打扰时段), pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from shuzheng.kernel.moment import ZONE, local

#: Days off in a row at most, as a bound: the longest holiday has nine.
LONGEST_BREAK = 31
#: When it may come after a quiet day to somebody whose nights are not quiet.
MORNING = time(7)


def allowed_from(
    moment: datetime, starts: time, ends: time, *, quiet_day: Callable[[date], bool] | None = None
) -> datetime:
    """Return the earliest moment, not before ``moment``, that lies outside the quiet hours and on no quiet day.

    Both ends are local times; hours that begin later than they end go over midnight. Equal ends mean no quiet hours.
    After a quiet day it may come when the quiet hours of the next day end.
    """
    found = _after_the_night(moment, starts, ends)
    if quiet_day is None:
        return found
    for _day in range(LONGEST_BREAK):
        day = local(found).date()
        if not quiet_day(day):
            break
        found = datetime.combine(day + timedelta(days=1), ends if starts > ends else MORNING, tzinfo=ZONE)
        found = _after_the_night(found, starts, ends)
    return found


def _after_the_night(moment: datetime, starts: time, ends: time) -> datetime:
    here = local(moment)
    if not _quiet(here.time(), starts, ends):
        return moment
    day = here.date() + timedelta(days=1) if starts > ends and here.time() >= starts else here.date()
    return datetime.combine(day, ends, tzinfo=ZONE)


def _quiet(at: time, starts: time, ends: time) -> bool:
    if starts <= ends:
        return starts <= at < ends
    return at >= starts or at < ends
