"""Budgets and tallies (额度与计数): one row per day, department and channel; nothing is ever counted over history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import F

from shuzheng.engines.messaging.models import Budget, Bulk, Delivery, Tally
from shuzheng.kernel.moment import today

#: What is counted: department, channel, and one of ``sent``, ``delivered``, ``failed``.
Fact = tuple[str, str, str]
_ADD = """
    INSERT INTO messaging_tally (id, day, department, channel, used, sent, delivered, failed, warned)
    VALUES (gen_random_uuid(), %s, %s, %s, 0, %s, %s, %s, 0)
    ON CONFLICT (day, department, channel) DO UPDATE SET sent = messaging_tally.sent + excluded.sent,
        delivered = messaging_tally.delivered + excluded.delivered, failed = messaging_tally.failed + excluded.failed
"""


def reserve(department: str, channel: str, wanted: int, warn: Callable[[int], None] = lambda percent: None) -> int:
    """Take up to ``wanted`` of the day's allowance and return how many were granted.

    The allowance is the department's budget; ``warn`` is told once a day when so many percent of it are used. The row is
    locked until the transaction ends, so that two senders never share the last one.
    """
    Tally.objects.bulk_create([Tally(day=today(), department=department, channel=channel)], ignore_conflicts=True)
    row = Tally.objects.select_for_update().get(day=today(), department=department, channel=channel)
    budget = Budget.objects.filter(department=department, channel=channel).first()
    granted = wanted if budget is None else max(0, min(wanted, budget.daily - row.used))
    reached = _reached(budget, row, granted)
    Tally.objects.filter(pk=row.pk).update(used=F("used") + granted, warned=max(reached, row.warned))
    if reached > row.warned:
        warn(reached)
    return granted


def _reached(budget: Budget | None, row: Tally, granted: int) -> int:
    """Return the highest share of a budget, in percent, that is to be warned of and has been used up; 0 for none."""
    if budget is None:
        return 0
    used = (row.used + granted) * 100
    return max((level for level in (budget.warn_at, 100) if used >= level * budget.daily), default=0)


def count(facts: Iterable[Fact], day: date | None = None) -> None:
    """Add facts to the day's tallies, always in the same order of rows, so that no two workers wait for each other."""
    sums = Counter(facts)
    rows = sorted({(department, channel) for department, channel, _what in sums})
    with connection.cursor() as cursor:
        for department, channel in rows:
            numbers = [sums[department, channel, what] for what in ("sent", "delivered", "failed")]
            cursor.execute(_ADD, [day or today(), department, channel, *numbers])


def progress(changed: Iterable[tuple[Delivery, str, int]]) -> None:
    """Add to what became of bulks' notices: of each delivery one of ``told``, ``arrived``, ``failed``, and by how much."""
    sums: dict[UUID, Counter[str]] = {}
    for delivery, what, number in changed:
        if delivery.bulk_id is not None:
            sums.setdefault(delivery.bulk_id, Counter())[what] += number
    for bulk_id, numbers in sorted(sums.items()):
        Bulk.objects.filter(pk=bulk_id).update(**{what: F(what) + number for what, number in numbers.items()})
