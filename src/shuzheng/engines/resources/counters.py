"""Counts of processes become rows: one upsert for everything that a process counted since the last time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import connection

from shuzheng.engines.resources.definitions import KIND
from shuzheng.engines.resources.models import Counter
from shuzheng.engines.resources.models.counter import Span
from shuzheng.kernel.caching import remembered
from shuzheng.kernel.definition import listing
from shuzheng.kernel.moment import ZONE, local, now
from shuzheng.kernel.outcomes import Count, Key

#: In the order of the key, so that two processes that add to the same rows wait for each other and never in a ring.
_UPSERT = """
INSERT INTO resources_counter AS c (id, service, span, start, good, total, buckets)
SELECT gen_random_uuid(), r.service, r.span, r.start, r.good, r.total, r.buckets
FROM jsonb_to_recordset(%s) AS r(service text, span text, start timestamptz, good bigint, total bigint, buckets bigint[])
ORDER BY r.span, r.start, r.service
ON CONFLICT (span, start, service) DO UPDATE SET
    good = c.good + excluded.good,
    total = c.total + excluded.total,
    buckets = ARRAY(SELECT had + added FROM unnest(c.buckets, excluded.buckets) WITH ORDINALITY AS u(had, added, n) ORDER BY n)
"""
Row = tuple[str, str, datetime]


def write(counts: Mapping[Key, Count]) -> int:
    """Add what was counted to the rows of the services that measure it, and return how many rows that were."""
    rows: dict[Row, Count] = defaultdict(Count)
    for (name, minute), count in counts.items():
        moment = datetime.fromtimestamp(minute, UTC)
        for service in _services(name):
            rows[service, Span.MINUTE, moment].add(count)
            rows[service, Span.DAY, day_of(moment)].add(count)
    if rows:
        found = [
            {"service": s, "span": span, "start": start.isoformat(), **vars(count)}
            for (s, span, start), count in rows.items()
        ]
        with connection.cursor() as cursor:
            cursor.execute(_UPSERT, [json.dumps(found)])
    return len(rows)


def day_of(moment: datetime) -> datetime:
    """Return the midnight with which the legal local day of a moment began."""
    return datetime.combine(local(moment).date(), time(), tzinfo=ZONE)


def minutes(back: int) -> dict[str, list[tuple[datetime, Count]]]:
    """Return the counts of every service in the last minutes, in one statement."""
    return _read(Span.MINUTE, now() - timedelta(minutes=back))


def days(back: int, service: str = "") -> dict[str, list[tuple[datetime, Count]]]:
    """Return the counts of every service, or of one, on the last days, today's included, in one statement."""
    return _read(Span.DAY, day_of(now()) - timedelta(days=back - 1), service)


def _read(span: Span, since: datetime, service: str = "") -> dict[str, list[tuple[datetime, Count]]]:
    rows = Counter.objects.filter(span=span, start__gte=since)
    found: dict[str, list[tuple[datetime, Count]]] = defaultdict(list)
    for row in (rows.filter(service=service) if service else rows).order_by("start"):
        found[row.service].append((row.start, Count(row.good, row.total, row.buckets)))
    return found


def _services(name: str) -> Iterable[str]:
    exact, beginnings = _sources()
    yield from exact.get(name, ())
    for beginning, service in beginnings:
        if name.startswith(beginning):
            yield service


@remembered(60)
def _sources() -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """Return the services by the names that they measure, and those by the beginnings of names."""
    exact: dict[str, list[str]] = defaultdict(list)
    beginnings: list[tuple[str, str]] = []
    for stored in listing(KIND):
        body: Any = stored.body
        for name in body.measures:
            if name.endswith("*"):
                beginnings.append((name[:-1], stored.key))
            else:
                exact[name].append(stored.key)
    return exact, beginnings
