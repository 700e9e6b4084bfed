"""What every change of the working calendar does: ask for authority over the country, and name the days that differ."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from shuzheng.engines.vocabulary.calendar import WorkCalendar
from shuzheng.engines.vocabulary.errors import CalendarInUse, CalendarUnchanged
from shuzheng.engines.vocabulary.models import CalendarYear
from shuzheng.engines.vocabulary.policies import KEEP_CALENDAR
from shuzheng.engines.vocabulary.queries.calendar import forget_calendars
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.moment import today
from shuzheng.kernel.policy import scopes


def require_everywhere(actor: Actor) -> None:
    """Raise NotPermitted for whoever keeps only part of the country's calendar."""
    if scopes(actor, KEEP_CALENDAR) != [""]:
        raise NotPermitted


def withdrawable(year: int) -> None:
    """Raise CalendarUnchanged where a year has no entry to take back, and CalendarInUse once its first day has come."""
    last = CalendarYear.objects.filter(year=year).order_by("id").last()
    if last is None or last.status != CalendarYear.Status.ANNOUNCED:
        raise CalendarUnchanged
    if last.in_use(today()):
        raise CalendarInUse(year=year)


def changed_days(before: WorkCalendar, after: WorkCalendar, year: int | None = None) -> list[str]:
    """Return the days that differ, and the first and last of a year that is announced now or no longer.

    This process looks again once the change is committed.
    """
    transaction.on_commit(forget_calendars)
    days = set(before.differences(after))
    if year is not None and before.is_provisional(date(year, 1, 1)) != after.is_provisional(date(year, 1, 1)):
        days |= {date(year, 1, 1), date(year, 12, 31)}
    return [day.isoformat() for day in sorted(days)]
