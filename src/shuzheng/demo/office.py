"""When things happen: offices in their hours on working days, residents whenever they like."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from shuzheng.engines.vocabulary.calendar import WorkCalendar
from shuzheng.kernel.moment import ZONE, local

OPENS, CLOSES = 9 * 60, 17 * 60


def office_moment(calendar: WorkCalendar, after: datetime, days: float, chance: Random) -> datetime:
    """Return a moment in office hours about so many working days after another."""
    here = local(after)
    whole = int(days)
    if whole == 0 and calendar.is_working(here.date()) and here.hour * 60 + here.minute < CLOSES - 30:
        return here + timedelta(minutes=chance.randint(5, max(6, CLOSES - here.hour * 60 - here.minute - 5)))
    return _at(calendar.nth_working_day(here.date(), max(whole, 1)), chance.randint(OPENS, CLOSES - 1))


def home_moment(day: date, chance: Random) -> datetime:
    """Return a moment of a day at which a resident sits down to it."""
    return _at(day, chance.randint(7 * 60, 22 * 60 + 30))


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60), ZONE)
