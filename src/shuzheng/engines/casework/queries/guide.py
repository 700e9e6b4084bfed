"""What a guide page (办事指南) says beyond the item's own text: what a limit means today, and which unit handles it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shuzheng.engines.casework.clock import ClockEvent, ClockKind, EventKind, Unit, read
from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.engines.casework.errors import NoUnit, ServedElsewhere
from shuzheng.engines.casework.serving import place_served
from shuzheng.engines.casework.units import owning_unit
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.identity.queries import unit
from shuzheng.engines.vocabulary.models import Division
from shuzheng.engines.vocabulary.queries import work_calendar
from shuzheng.kernel.moment import now


@dataclass(frozen=True)
class Promise:
    """One limit of an item, and the day on which it would end if the application were accepted now."""

    kind: ClockKind
    amount: int
    unit: Unit
    due: datetime
    #: The day lies in a year whose holidays are not announced.
    provisional: bool


def promises(item: ServiceItemDefinition, division_code: str = "", at: datetime | None = None) -> list[Promise]:
    """Return the promised and the statutory limit with their example, by the calendar of the place; the promise first."""
    moment, calendar = at or now(), work_calendar(division_code or None)
    start = ClockEvent(id="start", kind=EventKind.START, at=moment)
    found = []
    for code in ("promised", "statutory"):
        rule = item.clock_rules.get(code)
        reading = read(rule, [start], calendar, moment) if rule else None
        if rule and reading and reading.due:
            found.append(Promise(rule.kind, rule.limit, rule.unit, reading.due, reading.provisional))
    return found


def handling_unit(item: ServiceItemDefinition, place: Division) -> OrgUnit | None:
    """Return the unit that would handle an application made in a place, or ``None`` if there is none yet."""
    try:
        unit_id, _path = owning_unit(item, place_served(item, place.code))
    except (NoUnit, ServedElsewhere):
        return None
    return unit(unit_id)
