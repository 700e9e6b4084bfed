"""Ending what holds from one day to another: appointments, delegations, roles."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any


def end_on(period: Any, day: date) -> Any:
    """End a row with ``valid_from`` and ``valid_to`` before a day; one that had not begun is removed."""
    last = day - timedelta(days=1)
    if last < period.valid_from:
        period.delete()
        return None
    period.valid_to = min(last, period.valid_to or last)
    period.save(update_fields=["valid_to"])
    return period
