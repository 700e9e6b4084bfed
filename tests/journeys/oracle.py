"""When something is due, walked day by day on a calendar that is not ours."""

from __future__ import annotations

from datetime import date, timedelta

import holidays

CHINA = holidays.country_holidays("CN", years=[2025, 2026])


def is_working_day(day: date) -> bool:
    """Say whether people work, weekends made up for included."""
    return CHINA.is_working_day(day)


def due_date(accepted: date, working_days: int, *pauses: tuple[date, date]) -> date:
    """Return the last of so many working days after acceptance.

    A pause begins the day after its first date and ends with its last (行政许可法 §45: the time is not counted).
    """
    day, counted = accepted, 0
    while counted < working_days:
        day += timedelta(days=1)
        paused = any(began < day <= ended for began, ended in pauses)
        counted += is_working_day(day) and not paused
    return day
