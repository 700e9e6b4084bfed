"""Until when one may object (救济期限): reconsideration and court, counted from the day after a decision or its service."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from shuzheng.engines.vocabulary.calendar import OutsideCalendar
from shuzheng.engines.vocabulary.queries import work_calendar

#: Days for reconsideration (行政复议法 §20) and months for going to court (行政诉讼法 §46).
RECONSIDER = timedelta(days=60)
SUE = relativedelta(months=6)


def reconsider_until(start: date, division_code: str) -> date:
    """Return the last day for reconsideration of what was decided or served on a day."""
    return _last_day(start, RECONSIDER, division_code)


def sue_until(start: date, division_code: str) -> date:
    """Return the last day for going to court about what was decided or served on a day."""
    return _last_day(start, SUE, division_code)


def _last_day(start: date, span: timedelta | relativedelta, division_code: str) -> date:
    """A period whose last day is a day off ends with the next working day (行政复议法 §88, 行政诉讼法 §101 with 民事诉讼法 §85)."""
    day = start + span
    try:
        return work_calendar(division_code).on_or_after(day)
    except OutsideCalendar:
        return day
