"""Limits of applications: a bucket of calls a second, and units a day; one row each, nothing counted over history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from shuzheng.engines.identity.applications.capabilities import by_permission
from shuzheng.engines.identity.applications.errors import LimitExceeded, RateExceeded
from shuzheng.engines.identity.models import ApplicationCapability, ApplicationMeter
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import ZONE, now, today

_RATE = """
    INSERT INTO identity_applicationmeter AS m (id, capability_id, span, amount, since)
    VALUES (%(id)s, %(capability)s, 'second', %(most)s - 1, %(now)s)
    ON CONFLICT (capability_id, span) DO UPDATE
    SET amount = LEAST(%(most)s, m.amount + GREATEST(0, EXTRACT(EPOCH FROM %(now)s - m.since)) * %(most)s) - 1, since = %(now)s
    WHERE LEAST(%(most)s, m.amount + GREATEST(0, EXTRACT(EPOCH FROM %(now)s - m.since)) * %(most)s) >= 1
"""
_DAY = """
    INSERT INTO identity_applicationmeter AS m (id, capability_id, span, amount, since)
    VALUES (%(id)s, %(capability)s, 'day', %(units)s, %(day)s)
    ON CONFLICT (capability_id, span) DO UPDATE
    SET amount = CASE WHEN m.since = %(day)s THEN m.amount ELSE 0 END + %(units)s, since = %(day)s
    WHERE %(most)s IS NULL OR CASE WHEN m.since = %(day)s THEN m.amount ELSE 0 END + %(units)s <= %(most)s
"""


class RegisterMeter:
    """Counts what applications do under the capabilities of the register."""

    def count_call(self, actor: Actor, permission: str) -> None:
        """Take one call out of the second's bucket. Raises RateExceeded."""
        held = _held(actor, permission)
        if held is None:
            return
        told = {"id": new_id(), "capability": held.pk, "most": float(held.per_second), "now": now()}
        if not _run(_RATE, told):
            raise RateExceeded(most=held.per_second)

    def require_left(self, actor: Actor, permission: str, units: int) -> None:
        """Compare with the limit, holding nothing. Raises LimitExceeded."""
        held = _held(actor, permission) if units else None
        if held and held.per_day is not None and used_today([held.pk]).get(held.pk, 0) + units > held.per_day:
            raise _exceeded(held)

    def spend(self, actor: Actor, permission: str, units: int) -> None:
        """Take units of the day. Raises LimitExceeded."""
        held = _held(actor, permission) if units else None
        if held is None:
            return
        told = {"id": new_id(), "capability": held.pk, "units": units, "day": day_start(), "most": held.per_day}
        too_much = held.per_day is not None and units > held.per_day
        if too_much or not _run(_DAY, told):
            raise _exceeded(held)


def day_start() -> datetime:
    """Return the first moment of today."""
    return datetime.combine(today(), time.min, tzinfo=ZONE)


def used_today(capability_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many units of today's limits are used, by capability."""
    rows = ApplicationMeter.objects.filter(
        capability_id__in=list(capability_ids), span=ApplicationMeter.Span.DAY, since=day_start()
    )
    return {id: int(amount) for id, amount in rows.values_list("capability_id", "amount")}


def _exceeded(held: ApplicationCapability) -> LimitExceeded:
    wait = day_start() + timedelta(days=1) - now()
    return LimitExceeded(most=held.per_day or 0, wait=max(1, int(wait.total_seconds())))


def _held(actor: Actor, permission: str) -> ApplicationCapability | None:
    rows = ApplicationCapability.objects.filter(
        application_id=actor.application_id,
        capability__in=by_permission(permission),
        approved_at__isnull=False,
        withdrawn_at=None,
    )
    return rows.first()


def _run(statement: str, told: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        return cursor.rowcount
