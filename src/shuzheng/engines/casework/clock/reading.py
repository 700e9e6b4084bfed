"""Reading a clock: when it is due, how much has been counted, which card it shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from shuzheng.engines.casework.clock.event import ClockEvent
from shuzheng.engines.casework.clock.face import Reading, State
from shuzheng.engines.casework.clock.ladder import Card
from shuzheng.engines.casework.clock.measure import Measure, measure_of
from shuzheng.engines.casework.clock.rule import ClockRule
from shuzheng.engines.casework.clock.tape import Tape
from shuzheng.engines.casework.clock.timeline import Refusal, RefusalReason, Timeline, gather
from shuzheng.engines.vocabulary.calendar import WorkCalendar
from shuzheng.kernel.moment import local


def read(rule: ClockRule, events: Iterable[ClockEvent], calendar: WorkCalendar, now: datetime | None = None) -> Reading:
    """Return what the clock shows at ``now`` (aware), or at its latest event.

    Events may come in any order and twice; those after ``now`` are not known yet.
    Raises OutsideCalendar where the calendar ends, ValueError if two different events share an id.
    """
    line = gather(rule, events, now and now.astimezone(UTC))
    if line.start is None or line.latest is None:
        return Reading(State.NOT_STARTED, calendar.version, total=rule.limit, remaining=rule.limit)
    return _read(rule, line, line.start, calendar, line.latest)


def due(rule: ClockRule, events: Iterable[ClockEvent], calendar: WorkCalendar) -> datetime | None:
    """Return the last instant that is in time; ``None`` before the start and while suspended."""
    return read(rule, events, calendar).due


def objection(
    rule: ClockRule, events: Iterable[ClockEvent], proposed: ClockEvent, calendar: WorkCalendar
) -> RefusalReason | None:
    """Return why an event would have no effect if it happened, or ``None``; actions ask before they write it."""
    if gather(rule, events, proposed.at).start is None:
        return RefusalReason.NOT_RUNNING
    reading = read(rule, [*events, proposed], calendar, proposed.at)
    return next((r.reason for r in reading.refused if r.event_id == proposed.id), None)


def _read(rule: ClockRule, line: Timeline, start: datetime, calendar: WorkCalendar, now: datetime) -> Reading:
    measure = measure_of(rule, calendar)
    tape = Tape.of(measure, start, line.suspensions)
    units, refused = _granted(rule, line, tape)
    amount = tape.amount(units)
    total, last = amount // measure.unit, tape.last(amount)
    end = line.stop or now
    late = last is not None and measure.passed(last, end)
    tick = measure.tick(end)
    amber, red = [_turn(left, total, tape) for left in rule.warnings.thresholds(total)]
    counted, remaining = _amounts(total, tape, tick, last if late else None)
    due = None if last is None else measure.closes(last)
    not_before = due or _projected(amount, tape, measure.tick(now))
    started = local(start)
    return Reading(
        _state(line, due, late),
        calendar.version,
        started,
        line.stop and local(line.stop),
        due,
        not_before,
        total,
        total - tape.amount(rule.limit) // measure.unit if units > rule.limit else 0,
        counted,
        remaining,
        _card(line, late, tick, amber, red),
        _instant(amber, tape, started),
        _instant(red, tape, started),
        late,
        calendar.any_provisional(started.date(), not_before.date()),
        line.suspensions,
        tuple(sorted(line.refused + refused)),
    )


def _granted(rule: ClockRule, line: Timeline, tape: Tape) -> tuple[int, tuple[Refusal, ...]]:
    """Return the limit with its valid extensions, in units, and the refused ones."""
    total, granted = rule.limit, 0
    refused: list[Refusal] = []
    for event in line.extensions:
        reason = _flaw(rule, event, granted)
        if reason is None and _lapsed_by(event.at, total, tape):
            reason = RefusalReason.TOO_LATE
        if reason is None:
            granted += 1
            total += event.amount or 0
        else:
            refused.append(Refusal(event.id, reason))
    return total, tuple(refused)


def _flaw(rule: ClockRule, event: ClockEvent, granted: int) -> RefusalReason | None:
    """Return what the rule has against an extension, its time apart."""
    allowed = rule.extension
    if allowed is None:
        return RefusalReason.NOT_EXTENDABLE
    if not event.approver:
        return RefusalReason.NO_APPROVER
    if (event.amount or 0) > allowed.limit:
        return RefusalReason.TOO_LONG
    return RefusalReason.TOO_OFTEN if granted >= allowed.times else None


def _lapsed_by(at: datetime, total: int, tape: Tape) -> bool:
    measure = tape.measure
    amount = tape.amount(total)
    if measure.tick(at) < tape.begin + amount:  # no unit is shorter than its ticks
        return False
    last = tape.last(amount)
    return last is not None and measure.passed(last, at)


def _turn(left: int | None, total: int, tape: Tape) -> int | None:
    """Return the first tick at which only so many units are left after the present one."""
    if left is None:
        return None
    return tape.begin if left >= total else tape.finish((total - left) * tape.measure.unit)


def _instant(turn: int | None, tape: Tape, started: datetime) -> datetime | None:
    """Return the instant at which a card turns; on the first day that is the start."""
    if turn is None:
        return None
    return started if turn == tape.begin else tape.measure.opens(turn)


def _amounts(total: int, tape: Tape, end: int, missed: int | None) -> tuple[float, float]:
    """Return how much has been counted and how much remains; ``missed`` is the last tick of a limit that has passed."""
    measure = tape.measure
    if missed is not None:
        return total, _units(measure, measure.count(missed) - measure.count(end))
    counted = min(total, _units(measure, tape.elapsed(end)))
    return counted, total - counted


def _units(measure: Measure, ticks: int) -> float:
    return ticks if measure.unit == 1 else ticks / measure.unit


def _projected(amount: int, tape: Tape, now: int) -> datetime:
    """Return the due instant if the suspension that lasts ended now."""
    last = tape.resumed(now).last(amount)
    if last is None:
        raise AssertionError("no suspension lasts any more")
    return tape.measure.closes(last)


def _state(line: Timeline, due: datetime | None, late: bool) -> State:
    if line.stop is not None:
        return State.STOPPED
    if late:
        return State.LAPSED
    return State.SUSPENDED if due is None else State.RUNNING


def _card(line: Timeline, late: bool, tick: int, amber: int | None, red: int | None) -> Card:
    """Return the colour: red once late, green once stopped in time, else by the ladder."""
    if late:
        return Card.RED
    if line.stop is not None:
        return Card.GREEN
    if red is not None and tick >= red:
        return Card.RED
    return Card.AMBER if amber is not None and tick >= amber else Card.GREEN
