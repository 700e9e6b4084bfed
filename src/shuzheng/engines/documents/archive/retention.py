"""From when a file is retained and until when: pure functions; what is not known stays open and is never guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel, ConfigDict

from shuzheng.engines.documents.archive.rule import ArchiveRule, Start, Way, years_of


class Dates(BaseModel):
    """The days of a case from which retention may count; ``None`` where a day is not known yet."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    closed_on: date | None = None
    #: Days on which the case above this one, and the cases beside it, closed.
    parents: tuple[date | None, ...] = ()
    related: tuple[date | None, ...] = ()
    #: The answer to the field that the rule names.
    answer: date | None = None
    #: The days that the things concerned carry under the name that the rule gives.
    objects: tuple[date | None, ...] = ()
    #: First and last days of the decisions in force; a decision without last day does not expire.
    effective: tuple[date | None, ...] = ()
    expires: tuple[date | None, ...] = ()
    #: The day of a statutory event, entered by a person.
    event_on: date | None = None


def begins(start: Start, dates: Dates) -> date | None:
    """Return the source date, or nothing while it is not known."""
    return _WAYS[start.way](start, dates)


def ends(rule: ArchiveRule, source: date | None) -> date | None:
    """Return the first day on which retention is over; nothing for permanent ones and while the source is unknown."""
    years = years_of(rule.retention)
    if source is None or years is None:
        return None
    counted = date(source.year + 1, 1, 1) if rule.from_next_year else source
    return counted + relativedelta(years=years)


def closed(start: Start, dates: Dates) -> date | None:
    """Count from the case's own closing."""
    return dates.closed_on


def parent_closed(start: Start, dates: Dates) -> date | None:
    """Count from the closing of the case of which this one is a part; a part is kept as long as the whole."""
    return _last(dates.parents)


def related_closed(start: Start, dates: Dates) -> date | None:
    """Count from the closing of the last of the related cases, this one included."""
    return _last((dates.closed_on, *dates.related))


def period_after_closing(start: Start, dates: Dates) -> date | None:
    """Count from the end of a fixed period after closing, e.g. a term of guarantee."""
    return dates.closed_on + relativedelta(months=start.months) if dates.closed_on else None


def answered(start: Start, dates: Dates) -> date | None:
    """Count from a day that the applicant gave, e.g. the end of an occupation of a road."""
    return dates.answer


def objects_date(start: Start, dates: Dates) -> date | None:
    """Count from the last day that any of the things concerned carries, e.g. when the last vehicle is scrapped."""
    return _last(dates.objects)


def decision_effective(start: Start, dates: Dates) -> date | None:
    """Count from the day on which the last decision took effect."""
    return _last(dates.effective)


def decision_expired(start: Start, dates: Dates) -> date | None:
    """Count from the end of validity of what was granted; what does not expire is not counted yet."""
    return _last(dates.expires)


def event(start: Start, dates: Dates) -> date | None:
    """Count from an event outside the case, which a person confirms, e.g. the end of guardianship."""
    return dates.event_on


def _last(days: Iterable[date | None]) -> date | None:
    """Return the last day when all are known and there is at least one."""
    found = list(days)
    known = [day for day in found if day is not None]
    return max(known) if known and len(known) == len(found) else None


_WAYS: dict[Way, Callable[[Start, Dates], date | None]] = {
    Way.CLOSED: closed,
    Way.PARENT_CLOSED: parent_closed,
    Way.RELATED_CLOSED: related_closed,
    Way.PERIOD: period_after_closing,
    Way.ANSWER: answered,
    Way.OBJECT: objects_date,
    Way.DECISION_EFFECTIVE: decision_effective,
    Way.DECISION_EXPIRED: decision_expired,
    Way.EVENT: event,
}
