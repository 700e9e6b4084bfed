"""Reading indicators: their values, of when they are, and what they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q

from shuzheng.engines.insight.definitions import Indicator
from shuzheng.engines.insight.models import IndicatorValue
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import listing


@dataclass(frozen=True)
class Values:
    """The values of one indicator for one division, with what they mean."""

    indicator: Indicator
    #: (key, day, value), by day and key.
    rows: list[tuple[str, date | None, Decimal]]
    #: Moment of which the values tell; ``None`` before they were first calculated.
    vintage: datetime | None

    @property
    def by_key(self) -> dict[str, Decimal]:
        """Return the values by key."""
        return {key: value for key, _day, value in self.rows}

    @property
    def by_day(self) -> dict[date, Decimal]:
        """Return a series by day."""
        return {day: value for _key, day, value in self.rows if day is not None}

    @property
    def single(self) -> Decimal | None:
        """Return the only value, or ``None``."""
        return self.rows[0][2] if self.rows else None


@dataclass(frozen=True)
class Workload:
    """How much waits, by key (a card, a step), and of when the count is."""

    counts: dict[str, int]
    vintage: datetime | None

    @property
    def total(self) -> int:
        """Return how much waits in all."""
        return sum(self.counts.values())


def indicators() -> dict[str, Indicator]:
    """Return the indicators in force by code."""
    return {stored.key: stored.body for stored in listing("indicator")}


def values(codes: Iterable[str], division_path: str = "", *, since: date | None = None) -> dict[str, Values]:
    """Return the values of several indicators for a division (empty for everywhere) in two statements.

    ``since`` leaves earlier days of series out. Indicators that are not in force are left out.
    """
    known = indicators()
    wanted = [code for code in codes if code in known]
    found: dict[str, list[Any]] = {code: [] for code in wanted}
    recent = Q(day=None) | Q(day__gte=since) if since else Q()
    stored = IndicatorValue.objects.filter(recent, indicator__in=wanted, division_path=division_path, unit_id=None)
    for row in stored.order_by("day", "key"):
        found[row.indicator].append(row)
    return {code: _values(known[code], rows) for code, rows in found.items()}


def workload(actor: Actor, code: str = "tasks-open") -> Workload:
    """Return how much waits for an official: what they took, and what is free on their posts, by card; one statement."""
    mine = Q(officer_id=actor.officer_id)
    for unit_id, post in sorted(actor.posts, key=str):
        mine |= Q(unit_id=unit_id, post=post, officer_id=None)
    return _workload(IndicatorValue.objects.filter(mine, indicator=code) if actor.officer_id else [])


def unit_workload(unit_ids: Iterable[UUID], code: str = "tasks-open") -> Workload:
    """Return how much waits in units, whoever holds it; one statement."""
    return _workload(IndicatorValue.objects.filter(indicator=code, unit_id__in=list(unit_ids)))


def _workload(rows: Iterable[IndicatorValue]) -> Workload:
    counts: Counter[str] = Counter()
    vintage = None
    for row in rows:
        counts[row.key] += int(row.value)
        vintage = max(vintage or row.vintage, row.vintage)
    return Workload(dict(counts), vintage)


def _values(indicator: Indicator, rows: list[IndicatorValue]) -> Values:
    return Values(
        indicator,
        [(row.key, row.day, row.value) for row in rows],
        max((row.vintage for row in rows), default=None),
    )
