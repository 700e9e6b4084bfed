"""Words for tests of clocks: events in Beijing time, rules, strategies, and a slow clock to compare with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from hypothesis import strategies as st

from shuzheng.engines.casework.clock import ClockEvent, ClockRule, EventKind, ExtensionRule, Ground, Stop, Unit
from shuzheng.engines.vocabulary.calendar import national_calendar
from shuzheng.kernel.moment import ZONE

CALENDAR = national_calendar()
GROUNDS = (Ground.HEARING, Ground.TESTING, Ground.EXPERT_REVIEW)
_ids = count()


def rule(limit: int = 20, unit: Unit = Unit.WORKING_DAY, **fields: object) -> ClockRule:
    usual = {"code": "decide", "title": "法定时限", "stops": [{"ground": g} for g in GROUNDS]}
    extension = ExtensionRule(limit=10, times=3, basis="《行政许可法》第四十二条")
    return ClockRule.model_validate({"limit": limit, "unit": unit, "extension": extension, **usual, **fields})


def at(text: str) -> datetime:
    """``2026-11-23`` or ``2026-11-23 15:30``, Beijing time; ten in the morning unless said."""
    day, _, hour = text.partition(" ")
    return datetime.fromisoformat(f"{day} {hour or '10:00'}").replace(tzinfo=ZONE)


def event(kind: EventKind, when: str | datetime, **fields: object) -> ClockEvent:
    moment = at(when) if isinstance(when, str) else when
    return ClockEvent.model_validate({"id": f"e{next(_ids):06}", "kind": kind, "at": moment, **fields})


def start(when: str | datetime) -> ClockEvent:
    return event(EventKind.START, when)


def stop(when: str | datetime) -> ClockEvent:
    return event(EventKind.STOP, when)


def suspend(when: str | datetime, ground: Ground = Ground.HEARING) -> ClockEvent:
    return event(EventKind.SUSPEND, when, ground=ground)


def resume(when: str | datetime, closes: ClockEvent | None = None) -> ClockEvent:
    return event(EventKind.RESUME, when, closes=closes.id if closes else None)


def extend(when: str | datetime, amount: int = 10, approver: str | None = "分管领导") -> ClockEvent:
    return event(EventKind.EXTEND, when, amount=amount, approver=approver)


def site_survey() -> Stop:
    return Stop(ground=Ground.SITE_SURVEY, basis="《食品经营许可和备案管理办法》")


# -- strategies ------------------------------------------------------------------------------------------------

#: Hypothesis wants naive bounds.
BOUNDS = [datetime.fromisoformat(day) for day in ("2010-01-01", "2026-06-30")]
MOMENTS = st.datetimes(*BOUNDS, timezones=st.just(UTC))
UNITS = st.sampled_from(Unit)


@st.composite
def rules(draw: st.DrawFn, unit: st.SearchStrategy[Unit] = UNITS) -> ClockRule:
    return rule(draw(st.integers(1, 60)), draw(unit), roll_over=draw(st.booleans()))


@st.composite
def spans(draw: st.DrawFn, begin: datetime) -> list[ClockEvent]:
    """A closed suspension somewhere in the four months after ``begin``."""
    since = begin + timedelta(minutes=draw(st.integers(0, 120 * 1440)))
    until = since + timedelta(minutes=draw(st.integers(0, 20 * 1440)))
    first = suspend(since, draw(st.sampled_from(GROUNDS)))
    return [first, resume(until, first)]


@st.composite
def histories(draw: st.DrawFn, open_end: bool = True) -> list[ClockEvent]:
    """A clock's events: a start, suspensions that may overlap or stay open, extensions, perhaps a stop."""
    begin = draw(MOMENTS)
    events = [start(begin)]
    for _ in range(draw(st.integers(0, 3))):
        span = draw(spans(begin))
        events += span if not open_end or draw(st.integers(0, 4)) else span[:1]
    for _ in range(draw(st.integers(0, 2))):
        events.append(extend(begin + timedelta(minutes=draw(st.integers(0, 40 * 1440))), draw(st.integers(1, 12))))
    if open_end and draw(st.integers(0, 3)) == 0:
        events.append(stop(begin + timedelta(minutes=draw(st.integers(0, 90 * 1440)))))
    return events


# -- a slow clock ----------------------------------------------------------------------------------------------


def slow_due_day(
    limit: int, begin: datetime, paused: Iterable[tuple[datetime, datetime]], is_working: Callable[[date], bool]
) -> date:
    """Walk day by day: a working day counts if the clock was running when the day began."""
    paused = list(paused)
    day, left = begin.astimezone(ZONE).date(), limit
    while left:
        day += timedelta(days=1)
        running = not any(since < midnight(day) <= until for since, until in paused)
        left -= running and is_working(day)
    while any(since < midnight(day + timedelta(days=1)) <= until for since, until in paused):
        day += timedelta(days=1)
        while not is_working(day) or any(since < midnight(day) <= until for since, until in paused):
            day += timedelta(days=1)
    return day


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
