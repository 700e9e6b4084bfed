"""The working calendar of a division: the country's, what officers announced, what divisions above and itself changed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from shuzheng.engines.vocabulary.calendar import SpecialDay, WorkCalendar, national_calendar
from shuzheng.engines.vocabulary.divisions import lineage
from shuzheng.engines.vocabulary.models import CalendarProposal, CalendarYear, WorkdayOverride

#: Seconds for which a process trusts what it knows without asking whether anything was entered.
FRESH = 1.0
#: Both tables only grow, so that their sizes tell whether anything was entered.
_REVISION = "SELECT (SELECT count(*) FROM vocabulary_workdayoverride), (SELECT count(*) FROM vocabulary_calendaryear)"


@dataclass
class Almanac:
    """Everything entered at one revision, and the calendars already built from it."""

    revision: tuple[int, int]
    country: WorkCalendar
    overrides: list[WorkdayOverride]
    #: By the overrides that apply: divisions without any of their own share one calendar.
    built: dict[tuple[int, ...], WorkCalendar] = field(default_factory=dict)

    @classmethod
    def load(cls, proposal: CalendarProposal | None = None) -> Almanac:
        """Read the tables; with a proposal, as they would be once it is confirmed."""
        revision = _revision()
        years: dict[int, CalendarYear] = {entry.year: entry for entry in CalendarYear.objects.order_by("id")}
        overrides = list(WorkdayOverride.objects.order_by("id"))
        if proposal is not None:
            _confirm(proposal, years, overrides)
        announced = {y: e for y, e in years.items() if e.status == CalendarYear.Status.ANNOUNCED}
        special = {
            date.fromisoformat(d["day"]): SpecialDay(d["working"], d["name"])
            for e in announced.values()
            for d in e.days
        }
        country = national_calendar().amended(special, announced, replace=announced)
        return cls(revision, country, overrides)

    def calendar(self, division_code: str | None) -> WorkCalendar:
        """Return the calendar of a division, or of the country."""
        paths = _paths(division_code)
        chosen = tuple(n for n, override in enumerate(self.overrides) if override.path in paths)
        if chosen not in self.built:
            self.built[chosen] = self._build([self.overrides[n] for n in chosen])
        return self.built[chosen]

    def _build(self, overrides: list[WorkdayOverride]) -> WorkCalendar:
        """Apply overrides from the province down; of one division's on one day the latest counts."""
        latest = {(override.path, override.day): override for override in overrides}
        special: dict[date, SpecialDay] = {}
        for override in sorted(latest.values(), key=lambda o: len(o.path)):
            if override.working is not None:
                special[override.day] = SpecialDay(override.working, override.reason)
        return self.country.amended(special) if special else self.country


@dataclass
class _Known:
    almanac: Almanac | None = None
    asked: float = 0.0


_known = _Known()


def work_calendar(division_code: str | None = None, *, fresh: bool = False) -> WorkCalendar:
    """Return the working calendar of a division (code, padded or not), or of the country.

    A change is seen at once by the process that made it and within a second by others; ``fresh`` asks the database now,
    which whoever follows up ``vocabulary.calendar_changed`` must.
    """
    moment = time.monotonic()
    almanac = _known.almanac
    if almanac is None or fresh or moment - _known.asked >= FRESH:
        if almanac is None or almanac.revision != _revision():
            almanac = Almanac.load()
        _known.almanac, _known.asked = almanac, moment
    return almanac.calendar(division_code)


def forget_calendars() -> None:
    """Ask the database at the next look."""
    _known.almanac = None


def _confirm(proposal: CalendarProposal, years: dict[int, CalendarYear], overrides: list[WorkdayOverride]) -> None:
    """Add to what was entered what a proposal would enter."""
    kind, status = CalendarProposal.Kind, CalendarYear.Status
    if proposal.kind == kind.WORKDAY:
        (only,) = proposal.days
        day = date.fromisoformat(only["day"])
        overrides.append(WorkdayOverride(day=day, path="", working=only["working"], reason=proposal.notice))
        return
    entered = status.ANNOUNCED if proposal.kind == kind.ANNOUNCE else status.PROVISIONAL
    years[proposal.year] = CalendarYear(year=proposal.year, status=entered, days=proposal.days)


def _revision() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_REVISION)
        return cursor.fetchone()


def _paths(division_code: str | None) -> frozenset[str]:
    """Return the paths of everywhere, the province, and so on down to the division."""
    codes = lineage(division_code) if division_code else []
    return frozenset(".".join(codes[:depth]) for depth in range(len(codes) + 1))
