"""The rule of a clock: a declaration in a pack, validated here and nowhere else."""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shuzheng.engines.casework.clock.ground import GROUNDS, Ground
from shuzheng.engines.casework.clock.ladder import Ladder, default_ladder

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]*$", max_length=64)]


class ClockKind(StrEnum):
    """Whose promise the clock measures: the law's, the office's, a step's, a supervisor's (督办)."""

    STATUTORY = "statutory"
    PROMISED = "promised"
    STEP = "step"
    SUPERVISION = "supervision"


class Unit(StrEnum):
    """What is counted."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    #: By the calendar: up to the same date of a later month; a year is twelve (民法典 §202).
    MONTH = "month"
    HOUR = "hour"
    WORKING_HOUR = "working_hour"

    @property
    def is_day(self) -> bool:
        """Say whether whole days are counted."""
        return self in (Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH)

    @property
    def counted(self) -> Unit:
        """Return the unit in which time passes and is told: of months, the days."""
        return Unit.CALENDAR_DAY if self is Unit.MONTH else self


class LapseEffect(StrEnum):
    """What the law attaches to a lapse; the caller brings it about."""

    NONE = "none"
    #: Handed to the supervisor.
    ESCALATE = "escalate"
    #: Accepted since the day the materials were received (行政许可法 §32(1)(4)).
    DEEMED_ACCEPTED = "deemed_accepted"
    #: The extension of a permit counts as granted (行政许可法 §50(2)).
    DEEMED_GRANTED = "deemed_granted"


class Stop(BaseModel):
    """A ground that stops this clock, with its law. In YAML the bare ground is enough where a general law allows it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ground: Ground
    basis: str = ""

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, value: Any) -> Any:
        return {"ground": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _has_law(self) -> Self:
        if not self.law:
            raise ValueError(f"“{GROUNDS[self.ground].chinese}”没有通用的法律依据，请在 basis 中写明本事项的依据。")
        return self

    @property
    def law(self) -> str:
        """Return the rule's own legal basis, else the general one."""
        return self.basis or GROUNDS[self.ground].basis


class ExtensionRule(BaseModel):
    """How a limit may be extended (延长), e.g. once by ten days with the head's approval (行政许可法 §42(1))."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Most units one extension may add.
    limit: int = Field(ge=1)
    #: How often.
    times: int = Field(default=1, ge=1)
    #: Code of the post that approves; never the handler.
    approver: Code = "leader"
    basis: str = ""


#: Office hours unless the rule says otherwise.
OFFICE_HOURS = ((time(9), time(12)), (time(13, 30), time(17)))
#: Grounds that a general law allows for every permit.
GENERAL_STOPS = tuple(Stop(ground=g) for g, facts in GROUNDS.items() if facts.basis and g is not Ground.THIRD_PARTY)


class ClockRule(BaseModel):
    """How one clock counts (时限规则). Immutable; as JSON it is what a pack declares and what a case keeps."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Code
    title: str
    #: The title for who reads English; empty shows the Chinese one.
    title_en: str = ""
    kind: ClockKind = ClockKind.STATUTORY
    unit: Unit = Unit.WORKING_DAY
    limit: int = Field(ge=1)
    #: Event of the case that starts it, e.g. ``accepted``; its day is not counted (民法典 §201).
    starts_on: Code = "accepted"
    basis: str = ""
    stops: tuple[Stop, ...] = ()
    extension: ExtensionRule | None = None
    #: ``None`` takes the house's ladder for the limit.
    ladder: Ladder | None = None
    lapse: LapseEffect = LapseEffect.ESCALATE
    #: Calendar days and months: a last day that is a day off moves to the next working day (民法典 §203(1)).
    roll_over: bool = True
    #: Days: when business closes on the last day (民法典 §203(2)); ``None`` means 24:00, as online service has no closing.
    closes_at: time | None = None
    #: Working hours: the periods of a working day in which hours count.
    office_hours: tuple[tuple[time, time], ...] = OFFICE_HOURS

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        grounds = [stop.ground for stop in self.stops]
        if len(set(grounds)) < len(grounds):
            raise ValueError("同一个暂停事由写了两次，请删去一处。")
        edges = [edge for period in self.office_hours for edge in period]
        if not edges or any(a >= b for a, b in pairwise(edges)):
            raise ValueError("办公时间应按先后填写且不重叠，如 09:00–12:00、13:30–17:00。")
        return self

    @cached_property
    def plain(self) -> dict[str, Any]:
        """Return the rule as JSON values, as a case keeps it; not to be changed."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @cached_property
    def warnings(self) -> Ladder:
        """Return the ladder in force."""
        days = self.limit * (28 if self.unit is Unit.MONTH else 1)
        return self.ladder or default_ladder(days, hours=not self.unit.is_day)

    @cached_property
    def laws(self) -> dict[Ground, str]:
        """Return the legal basis of every ground that stops this clock."""
        return {stop.ground: stop.law for stop in self.stops}

    @property
    def nominal_hours(self) -> float:
        """Return the limit's nominal length, to compare units: five working days are seven calendar days."""
        if self.unit is Unit.WORKING_HOUR:
            minutes = sum(_minutes(until) - _minutes(since) for since, until in self.office_hours)
            return self.limit * _NOMINAL_WORKING_DAY * 60 / minutes
        return self.limit * _NOMINAL[self.unit]


_NOMINAL_WORKING_DAY = 24 * 7 / 5
_NOMINAL = {
    Unit.HOUR: 1.0,
    Unit.CALENDAR_DAY: 24.0,
    Unit.WORKING_DAY: _NOMINAL_WORKING_DAY,
    Unit.MONTH: 24 * 365.25 / 12,
}


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


class PromiseTooLong(ValueError):
    """A promised limit is longer than the statutory one (承诺时限长于法定时限)."""


def check_promise(promised: ClockRule, statutory: ClockRule) -> None:
    """Raise PromiseTooLong if a promised limit, nominally, exceeds the statutory one."""
    if promised.nominal_hours > statutory.nominal_hours:
        raise PromiseTooLong(f"“{promised.title}”长于“{statutory.title}”，请缩短承诺时限。")


def standard_rule(kind: ClockKind, limit: int, unit: Unit = Unit.WORKING_DAY, **fields: Any) -> ClockRule:
    """Return the usual rule of a kind; ``fields`` override.

    Statutory, promised and step clocks stop on the grounds of 行政许可法 §32 and §45; a supervision clock never stops.
    """
    title, title_en = _TITLES[kind]
    stops = () if kind is ClockKind.SUPERVISION else GENERAL_STOPS
    usual = {"code": str(kind), "title": title, "title_en": title_en, "stops": stops}
    return ClockRule(kind=kind, limit=limit, unit=unit, **(usual | fields))


_TITLES = {
    ClockKind.STATUTORY: ("法定时限", "Statutory limit"),
    ClockKind.PROMISED: ("承诺时限", "Promised limit"),
    ClockKind.STEP: ("环节时限", "Limit of the step"),
    ClockKind.SUPERVISION: ("督办时限", "Limit of the supervision"),
}
