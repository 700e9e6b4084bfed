"""How many clocks a second: full readings in one process, against a walk day by day in the same run.

A reading is a start, a suspension, a resumption and an extension, read to due date, both cards, days counted and spans.
Time is processor time, so that neighbours on the machine do not count.

The walk finds the same four dates as everybody does it, one day at a time with ``chinese_calendar.is_workday``, and does
nothing else: no order, no checks, no extension. ``python bench/clock.py``
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from chinese_calendar import is_workday

from shuzheng.engines.casework.clock import (
    ClockEvent,
    ClockKind,
    ClockRule,
    EventKind,
    ExtensionRule,
    Ground,
    Unit,
    explain,
    read,
    standard_rule,
)
from shuzheng.engines.vocabulary.calendar import national_calendar
from shuzheng.kernel.moment import ZONE

TARGET = 50_000
SAMPLE = 10_000
ROUNDS = 7
#: Due, amber, red and today: each takes the walk once.
MARKS = 4
_DAY = timedelta(days=1)


def case(number: int) -> list[ClockEvent]:
    """Return the events of one case; cases begin on different days."""
    begin = datetime(2026, 1, 4, 1, 30, tzinfo=UTC) + timedelta(days=number % 200, minutes=number % 480)
    kinds: list[tuple[EventKind, int, dict[str, object]]] = [
        (EventKind.START, 0, {}),
        (EventKind.SUSPEND, 7, {"ground": Ground.HEARING}),
        (EventKind.RESUME, 14, {}),
        (EventKind.EXTEND, 21, {"amount": 10, "approver": "leader"}),
    ]
    return [
        ClockEvent.model_validate({"id": f"{number}-{n}", "kind": kind, "at": begin + day * _DAY, **fields})
        for n, (kind, day, fields) in enumerate(kinds)
    ]


def walk(limit: int, events: list[ClockEvent], marks: int = 1) -> datetime:
    """Count the same clock day by day, asking the library about each, once for each date that is wanted."""
    days = [event.at.astimezone(ZONE).date() for event in events]
    day = days[0]
    for mark in range(marks):
        day, left = days[0], limit - mark
        while left:
            day += _DAY
            left -= not days[1] < day <= days[2] and is_workday(day)
    return datetime.combine(day + _DAY, datetime.min.time(), ZONE) - timedelta(microseconds=1)


def rate(work: Callable[[list[ClockEvent]], object], cases: list[list[ClockEvent]]) -> float:
    """Return how many cases a second, the best of several rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        for events in cases:
            work(events)
        best = min(best, time.process_time() - begun)
    return len(cases) / best


def rule_of(unit: Unit, limit: int) -> ClockRule:
    """Return a permit's rule with its extension (行政许可法 §42)."""
    return standard_rule(ClockKind.STATUTORY, limit, unit, extension=ExtensionRule(limit=10))


def main() -> int:
    """Print the rates and return 1 if the target is missed."""
    calendar = national_calendar()
    cases = [case(number) for number in range(SAMPLE)]
    rule = rule_of(Unit.WORKING_DAY, 20)
    now = datetime(2026, 9, 1, tzinfo=UTC)
    wrong = [e for e in cases if read(rule, e, calendar).due != walk(30, e)]
    if wrong:
        raise SystemExit(f"the two counts differ for {len(wrong)} of {SAMPLE} cases")
    full = rate(lambda events: read(rule, events, calendar, now), cases)
    naive = rate(lambda events: walk(30, events, MARKS), cases[:2000])
    print(f"{'full readings, working days':34}{full:>12,.0f} /s   target {TARGET:,}")
    print(f"{'the same dates by walking the days':34}{naive:>12,.0f} /s   ratio {full / naive:.1f}")
    for unit, limit in ((Unit.CALENDAR_DAY, 60), (Unit.HOUR, 24), (Unit.WORKING_HOUR, 24)):
        other = rule_of(unit, limit)
        speed = rate(lambda events, other=other: read(other, events, calendar, now), cases)
        print(f"{'full readings, ' + unit.replace('_', ' ') + 's':34}{speed:>12,.0f} /s")
    told = rate(lambda events: explain(rule, events, calendar, "zh", now), cases[:1000])
    print(f"{'explanations':34}{told:>12,.0f} /s")
    return 0 if full >= TARGET else 1


if __name__ == "__main__":
    raise SystemExit(main())
