"""Budgets and tallies (额度与计数): one row per day, department and channel; nothing is ever counted over history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models import F

from shuzheng.engines.messaging.models import Budget, Tally
from shuzheng.kernel.moment import today

#: What is counted: department, channel, and one of ``sent``, ``delivered``, ``failed``.
Fact = tuple[str, str, str]
_ADD = """
    INSERT INTO messaging_tally (id, day, department, channel, used, sent, delivered, failed)
    VALUES (gen_random_uuid(), %s, %s, %s, 0, %s, %s, %s)
    ON CONFLICT (day, department, channel) DO UPDATE SET sent = messaging_tally.sent + excluded.sent,
        delivered = messaging_tally.delivered + excluded.delivered, failed = messaging_tally.failed + excluded.failed
"""


def reserve(department: str, channel: str, wanted: int) -> int:
    """Take up to ``wanted`` of the day's allowance and return how many were granted.

    The allowance is the department's budget. The row is locked until the transaction ends, so that two
    senders never share the last one.
    """
    Tally.objects.bulk_create([Tally(day=today(), department=department, channel=channel)], ignore_conflicts=True)
    row = Tally.objects.select_for_update().get(day=today(), department=department, channel=channel)
    budget = Budget.objects.filter(department=department, channel=channel).first()
    limit = budget.daily if budget else None
    granted = wanted if limit is None else max(0, min(wanted, limit - row.used))
    Tally.objects.filter(pk=row.pk).update(used=F("used") + granted)
    return granted


def count(facts: Iterable[Fact], day: date | None = None) -> None:
    """Add facts to the day's tallies, always in the same order of rows, so that no two workers wait for each other."""
    sums = Counter(facts)
    rows = sorted({(department, channel) for department, channel, _what in sums})
    with connection.cursor() as cursor:
        for department, channel in rows:
            numbers = [sums[department, channel, what] for what in ("sent", "delivered", "failed")]
            cursor.execute(_ADD, [day or today(), department, channel, *numbers])
