"""Reads of those who look after sending: budgets, causes of dead letters, channels, failures of a bulk, versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.messaging.models import (
    Budget,
    BudgetChange,
    Bulk,
    Delivery,
    ProviderHealth,
    Tally,
)
from shuzheng.engines.messaging.models.delivery import DeliveryStatus
from shuzheng.kernel.models import DefinitionRecord
from shuzheng.kernel.moment import now, today
from shuzheng.kernel.page import Page, page

#: Dead letters looked at for causes; beyond, the page says that there are more.
MOST_CAUSES, LOOKED_AT = 50, 5000
_CAUSES = """
    SELECT channel, provider, reason, count(*), min(created_at), max(created_at) FROM (
        SELECT channel, provider, reason, created_at FROM messaging_delivery
        WHERE status = 'failed' ORDER BY created_at DESC, id DESC LIMIT %s
    ) dead GROUP BY channel, provider, reason ORDER BY count(*) DESC, reason LIMIT %s
"""
#: By channel, for what is pending: how many are due and how late the oldest is; bounded like everything else here.
_WAITING = """
    SELECT channel, count(*), min(due_at) FROM (
        SELECT channel, due_at FROM messaging_delivery WHERE status = 'pending' ORDER BY due_at LIMIT %s
    ) pending WHERE due_at <= %s GROUP BY channel
"""
TROUBLE = (DeliveryStatus.FAILED, DeliveryStatus.UNDELIVERED)


@dataclass(frozen=True)
class Cause:
    """Dead letters that have the same reason."""

    channel: str
    provider: str
    reason: str
    count: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Allowance:
    """A department's day by one way: what it may send, what it has used, from counters."""

    department: str
    name: str
    channel: str
    daily: int | None
    warn_at: int
    used: int

    @property
    def left(self) -> int | None:
        """Return what is left today; ``None`` without a limit."""
        return None if self.daily is None else max(0, self.daily - self.used)

    @property
    def percent(self) -> int:
        """Return the share used, in percent; 0 without a limit."""
        return 0 if self.daily is None else 100 if self.daily == 0 else min(100, 100 * self.used // self.daily)

    @property
    def alarm(self) -> str:
        """Return how urgent it is: empty, ``near`` or ``spent``."""
        if self.daily is None or self.percent < self.warn_at:
            return ""
        return "spent" if self.percent >= 100 else "near"


@dataclass(frozen=True)
class Waiting:
    """What is due on a channel and has not gone out."""

    channel: str
    count: int
    late_seconds: float


def allowances(words: str = "") -> list[Allowance]:
    """Return every department that has a limit or sent something today, the most used first, in three statements."""
    budgets = {(b.department, b.channel): b for b in Budget.objects.all()}
    used = {(t.department, t.channel): t.used for t in Tally.objects.filter(day=today(), channel__in=["sms", "email"])}
    places = sorted(budgets.keys() | used.keys())
    names = dict(OrgUnit.objects.filter(code__in={place[0] for place in places}).values_list("code", "name"))
    found = [
        Allowance(
            department=department,
            name=names.get(department, department),
            channel=channel,
            daily=budget.daily if (budget := budgets.get((department, channel))) else None,
            warn_at=budget.warn_at if budget else 80,
            used=used.get((department, channel), 0),
        )
        for department, channel in places
    ]
    wanted = [one for one in found if words in one.name or words in one.department]
    return sorted(wanted, key=lambda one: (-one.percent, one.name))


def usage(department: str, channel: str, days: int = 14) -> list[Tally]:
    """Return a department's last days by one way, the latest first."""
    since = today() - timedelta(days=days - 1)
    return list(Tally.objects.filter(day__gte=since, department=department, channel=channel).order_by("-day"))


def budget_changes(department: str, channel: str, after: str | None = None) -> Page[BudgetChange]:
    """Return one page of changes of a limit, the latest first."""
    found = BudgetChange.objects.filter(department=department, channel=channel)
    return page(found, order=("-at", "-id"), after=after)


def causes() -> list[Cause]:
    """Return the causes of the latest dead letters, the most frequent first, in one bounded statement."""
    with connection.cursor() as cursor:
        cursor.execute(_CAUSES, [LOOKED_AT, MOST_CAUSES])
        return [Cause(*row) for row in cursor.fetchall()]


def dead_letters(
    after: str | None = None, *, channel: str = "", provider: str | None = None, reason: str | None = None
) -> Page[Delivery]:
    """Return one page of dead letters, all or of one cause; neither address nor wording is read."""
    dead = Delivery.objects.filter(status=DeliveryStatus.FAILED).defer("to", "text", "secret")
    for name, value in (("channel", channel or None), ("provider", provider), ("reason", reason)):
        if value is not None:
            dead = dead.filter(**{name: value})
    return page(dead, order=("-created_at", "-id"), after=after)


def waiting() -> list[Waiting]:
    """Return what is due and has not gone out, by channel; counted up to a bound."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [LOOKED_AT, now()])
        rows = cursor.fetchall()
    return [Waiting(channel, number, (now() - oldest).total_seconds()) for channel, number, oldest in rows]


def providers_health() -> dict[str, ProviderHealth]:
    """Return the providers that have ever failed, by name."""
    return ProviderHealth.objects.in_bulk()


def bulk_failures(bulk: Bulk, after: str | None = None) -> Page[Delivery]:
    """Return one page of a bulk's notices that failed or did not arrive, with their recipients."""
    found = Delivery.objects.filter(bulk_id=bulk.pk, status__in=TROUBLE).defer("text", "secret")
    return page(found.select_related("message__recipient_person"), order=("id",), after=after)


def every_failure(bulk: Bulk, most: int = 50_000) -> Iterator[Delivery]:
    """Yield a bulk's failures for an export, a batch at a time."""
    found = Delivery.objects.filter(bulk_id=bulk.pk, status__in=TROUBLE).defer("text", "secret")
    yield from found.select_related("message__recipient_person").order_by("pk")[:most].iterator(chunk_size=1000)


def versions(code: str) -> list[DefinitionRecord]:
    """Return the versions of a published template, the latest first: since when, from which pack, by whom."""
    found = DefinitionRecord.objects.filter(kind="message_template", key=code).defer("body")
    return list(found.order_by("-created_at", "-id")[:50])
