"""Numbers for Prometheus: requests as they pass, the queue as it stands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from time import perf_counter
from typing import Any

from django.db import connection
from django.http import HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from shuzheng.kernel.http import Handler, Request
from shuzheng.kernel.outcomes import BOUNDS, TALLY

CONTENT_TYPE = CONTENT_TYPE_LATEST
REQUESTS = Histogram(
    "shuzheng_http_request_seconds",
    "Time to answer a request, by view and class of status.",
    ("method", "view", "status"),
    buckets=BOUNDS,
)
#: The first due job of each queue, due since its appointed time or since it was queued.
_DUE = """
WITH due AS (
    SELECT queue_name, count(*) AS jobs, min(id) AS first FROM procrastinate_jobs
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()) GROUP BY queue_name
)
SELECT due.queue_name, due.jobs, greatest(0, extract(epoch FROM now() - coalesce(job.scheduled_at, queued.at, now())))
FROM due JOIN procrastinate_jobs job ON job.id = due.first
LEFT JOIN LATERAL (
    SELECT at FROM procrastinate_events WHERE job_id = due.first AND type = 'deferred' ORDER BY at LIMIT 1
) queued ON true
"""


class MetricsMiddleware:
    """Time every request."""

    def __init__(self, handler: Handler) -> None:
        """Keep the next handler."""
        self.handler = handler

    def __call__(self, request: Request) -> HttpResponse:
        """Observe one request under its view's name, never under its address: an address may tell who it is about."""
        started = perf_counter()
        response = self.handler(request)
        match = request.resolver_match
        view = (match.view_name or match.route) if match else "unmatched"
        status = f"{response.status_code // 100}xx"
        seconds = perf_counter() - started
        REQUESTS.labels(request.method or "", view, status).observe(seconds)
        TALLY.count(f"view:{view}", seconds, good=response.status_code < 500)
        return response


class QueueCollector:
    """Gauges of the job queue and its workers, read when Prometheus asks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield waiting and running jobs by queue, the age of the oldest due job, and workers alive."""
        jobs = GaugeMetricFamily("shuzheng_jobs", "Jobs by queue and status.", labels=("queue", "status"))
        for queue, status, count in _rows(
            "select queue_name, status::text, count(*) from procrastinate_jobs where status in ('todo', 'doing') group by 1, 2"
        ):
            jobs.add_metric((queue, status), count)
        yield jobs
        overdue = max((seconds for _count, seconds in due_jobs().values()), default=0.0)
        yield _gauge("shuzheng_job_overdue_seconds", "How long the oldest due job waits past its time.", [(overdue,)])
        alive = _rows("select count(*) from procrastinate_workers where last_heartbeat > now() - interval '60 seconds'")
        yield _gauge("shuzheng_workers", "Workers that gave a sign of life in the last minute.", alive)


def due_jobs() -> dict[str, tuple[int, float]]:
    """Return for each queue how many jobs are due, and for how many seconds the first of them has been."""
    return {queue: (count, float(seconds)) for queue, count, seconds in _rows(_DUE)}


#: What is read when Prometheus asks; engines add their own.
collectors: list[Any] = [QueueCollector()]


def exposition() -> bytes:
    """Return everything in Prometheus' text format, of all web processes when there are several."""
    registry = CollectorRegistry()
    for collector in collectors:
        registry.register(collector)
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
        return generate_latest(registry)
    return generate_latest(REGISTRY) + generate_latest(registry)


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def _gauge(name: str, text: str, rows: list[tuple[Any, ...]]) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=float(rows[0][0]))
