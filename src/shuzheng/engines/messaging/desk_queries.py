"""Reads of the desk: dead letters, tallies, health of providers, service of documents."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from shuzheng.engines.messaging.models import (
    Delivery,
    LegalService,
    ProviderHealth,
    ServiceStep,
    Tally,
)
from shuzheng.engines.messaging.models.delivery import DeliveryStatus
from shuzheng.engines.messaging.policies import SERVE
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.moment import today
from shuzheng.kernel.page import Page, page
from shuzheng.kernel.policy import may, scopes

ORDER = ("-created_at", "-id")
#: Dead letters are counted up to here.
MOST_COUNTED = 100


@dataclass
class Day:
    """What was sent on one day."""

    day: date
    sent: int = 0
    delivered: int = 0
    failed: int = 0


def steps(service: LegalService) -> list[ServiceStep]:
    """Return the steps of a service in order."""
    return list(ServiceStep.objects.filter(service=service))


def dead_count() -> int:
    """Return how many dead letters wait for somebody, at most MOST_COUNTED."""
    return Delivery.objects.filter(status=DeliveryStatus.FAILED)[:MOST_COUNTED].count()


def tallies(days: int = 14) -> list[Tally]:
    """Return the counters of the last days, the latest first."""
    since = today() - timedelta(days=days - 1)
    return list(
        Tally.objects.filter(day__gte=since).exclude(channel="notice").order_by("-day", "department", "channel")
    )


def by_day(rows: list[Tally], days: int = 14) -> list[Day]:
    """Return the sums of each of the last days, the oldest first, days without any included."""
    sums: dict[date, Day] = defaultdict(lambda: Day(today()))
    for row in rows:
        known = sums.setdefault(row.day, Day(row.day))
        known.sent += row.sent
        known.delivered += row.delivered
        known.failed += row.failed
    wanted = [today() - timedelta(days=back) for back in range(days - 1, -1, -1)]
    return [sums.get(day, Day(day)) for day in wanted]


def health() -> list[ProviderHealth]:
    """Return the providers that have ever failed."""
    return list(ProviderHealth.objects.order_by("name"))


def services(actor: Actor, after: str | None = None, *, status: str = "", words: str = "") -> Page[LegalService]:
    """Return one page of services that an officer may see: those of the divisions where they serve documents."""
    found = _visible(actor).select_related("person", "unit")
    if status:
        found = found.filter(status=status)
    for word in words.split()[:5]:
        found = found.filter(Q(title__icontains=word) | Q(number__icontains=word) | Q(person__name=word))
    return page(found, order=ORDER, after=after)


def service(id: UUID, actor: Actor) -> LegalService:
    """Return a service to whoever serves documents there. Raises NotFound."""
    return _one(_visible(actor), id)


def service_on(id: UUID, actor: Actor) -> LegalService:
    """Return a service to the person on whom the document was served. Raises NotFound."""
    return _one(LegalService.objects.filter(person_id=actor.person_id), id)


def _one(found: QuerySet[LegalService], id: UUID) -> LegalService:
    one = found.select_related("person", "unit").prefetch_related("steps").filter(pk=id).first()
    if one is None:
        raise NotFound
    return one


def _visible(actor: Actor) -> QuerySet[LegalService]:
    if not may(actor, SERVE):
        return LegalService.objects.none()
    held = scopes(actor, SERVE)
    if held == [""]:
        return LegalService.objects.all()
    return LegalService.objects.filter(unit_id__in=actor.unit_ids)
