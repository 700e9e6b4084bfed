"""Questions that machines ask: alive? ready? how much?"""

from __future__ import annotations

from hmac import compare_digest
from threading import Event

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse

from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.metrics import CONTENT_TYPE, exposition
from shuzheng.kernel.policy import PUBLIC
from shuzheng.kernel.worker import SILENCE

LOOPBACK = frozenset({"127.0.0.1", "::1"})
_known = Event()


@access(PUBLIC)
def alive(request: Request) -> JsonResponse:
    """Say that this process answers; asks nothing of the database, so that an outage restarts no web process."""
    return JsonResponse({"status": "alive"})


@access(PUBLIC)
def ready(request: Request) -> JsonResponse:
    """Say whether requests can be served: 200, or 503 while the database is away or behind the code.

    A missing worker is named but leaves the site ready: pages work, only what follows later waits.
    """
    checks = {"database": "ok", "migrations": "ok", "worker": "ok"}
    try:
        checks["migrations"] = "ok" if migrated() else "pending"
        checks["worker"] = "ok" if workers_alive() else "missing"
    except DatabaseError:
        checks = {"database": "away", "migrations": "unknown", "worker": "unknown"}
    serving = checks["database"] == checks["migrations"] == "ok"
    status = "ready" if serving and checks["worker"] == "ok" else "degraded" if serving else "unavailable"
    return JsonResponse({"status": status, "checks": checks}, status=200 if serving else 503)


@access(PUBLIC)
def metrics(request: Request) -> HttpResponse:
    """Return Prometheus' numbers to whoever holds the token, or to this very machine when none is set.

    Raises NotPermitted.
    """
    if not may_measure(request):
        raise NotPermitted
    return HttpResponse(exposition(), content_type=CONTENT_TYPE)


def migrated() -> bool:
    """Say whether the database has every migration of the code; once it has, this process asks no more."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    if not _known.is_set() and not pending_migrations():
        _known.set()
    return _known.is_set()


def pending_migrations() -> list[str]:
    """Return ``app.name`` of the migrations that the database lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def workers_alive(silence: float = 2 * SILENCE) -> int:
    """Return how many workers gave a sign of life within ``silence`` seconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from procrastinate_workers where last_heartbeat > now() - make_interval(secs => %s)",
            [silence],
        )
        return cursor.fetchone()[0]


def may_measure(request: Request) -> bool:
    """Say whether a request may read the numbers: it holds the token, or comes from this machine when none is set."""
    token = settings.METRICS_TOKEN
    if token:
        return compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    return request.META.get("REMOTE_ADDR") in LOOPBACK and "X-Forwarded-For" not in request.headers
