"""What holds for every clock, whatever its events."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import holidays
from hypothesis import assume, example, given
from hypothesis import strategies as st

from shuzheng.engines.casework.clock import (
    ClockEvent,
    ClockRule,
    ExtensionRule,
    State,
    Unit,
    due,
    moved_days,
    read,
    recompute,
)
from shuzheng.engines.vocabulary.calendar import SpecialDay, national_calendar
from shuzheng.kernel.moment import local
from tests.engines.casework.clock.clocks import (
    CALENDAR,
    MOMENTS,
    at,
    extend,
    histories,
    midnight,
    resume,
    rule,
    rules,
    slow_due_day,
    spans,
    start,
    suspend,
)

ORACLE = holidays.country_holidays("CN", years=range(2010, 2028))
#: The oracle does not know that Labour Day of 2019 was prolonged; see tests/engines/vocabulary/test_calendar.py.
CORRECTED = {date(2019, 4, 28): True, date(2019, 5, 2): False, date(2019, 5, 3): False, date(2019, 5, 5): True}


def is_working(day: date) -> bool:
    return CORRECTED.get(day, ORACLE.is_working_day(day))


DAY_UNITS = st.sampled_from([Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH])
MINUTES = st.integers(0, 200 * 1440)


@given(rules(), histories(), st.randoms(use_true_random=False), MINUTES)
def test_events_read_the_same_in_any_order(
    given_rule: ClockRule, events: list[ClockEvent], random: object, minutes: int
) -> None:
    now = events[0].at + timedelta(minutes=minutes)
    shuffled = list(events)
    random.shuffle(shuffled)
    assert read(given_rule, shuffled, CALENDAR, now) == read(given_rule, events, CALENDAR, now)


@given(rules(), histories())
def test_an_event_twice_is_the_event_once(given_rule: ClockRule, events: list[ClockEvent]) -> None:
    again = [e.model_copy() for e in events]
    assert read(given_rule, events + again, CALENDAR) == read(given_rule, events, CALENDAR)


@given(rules(), histories(), MINUTES)
def test_the_future_does_not_change_the_present(given_rule: ClockRule, events: list[ClockEvent], minutes: int) -> None:
    now = events[0].at + timedelta(minutes=minutes)
    known = [e for e in events if e.at <= now]
    assert read(given_rule, events, CALENDAR, now) == read(given_rule, known, CALENDAR, now)


@given(rules(), histories(open_end=False), st.data())
def test_a_suspension_never_makes_it_due_earlier(
    given_rule: ClockRule, events: list[ClockEvent], data: st.DataObject
) -> None:
    without = due(given_rule, events, CALENDAR)
    more = due(given_rule, events + data.draw(spans(events[0].at)), CALENDAR)
    assert without is not None
    assert more is not None
    assert more >= without


@given(rules(), histories(open_end=False), st.integers(1, 10), st.integers(0, 40 * 1440))
def test_an_extension_never_makes_it_due_earlier(
    given_rule: ClockRule, events: list[ClockEvent], amount: int, minutes: int
) -> None:
    without = due(given_rule, events, CALENDAR)
    more = due(given_rule, [*events, extend(events[0].at + timedelta(minutes=minutes), amount)], CALENDAR)
    assert without is not None
    assert more is not None
    # a new first extension may crowd out a later one, never for a shorter limit than before it
    assume(read(given_rule, events, CALENDAR).extended == 0)
    assert more >= without


@given(st.integers(1, 40), MOMENTS, st.integers(1, 10), st.integers(1, 10), st.sampled_from(Unit))
def test_two_extensions_are_worth_their_sum(limit: int, begin: datetime, first: int, second: int, unit: Unit) -> None:
    generous = rule(limit, unit, extension=ExtensionRule(limit=20, times=2))
    both = due(generous, [start(begin), extend(begin, first), extend(begin, second)], CALENDAR)
    assert both == due(generous, [start(begin), extend(begin, first + second)], CALENDAR)
    assert both == due(rule(limit + first + second, unit), [start(begin)], CALENDAR)


@given(histories(open_end=False), st.integers(1, 60))
def test_no_day_is_counted_twice(events: list[ClockEvent], limit: int) -> None:
    """Up to the due day, exactly the limit's working days on which the day began running were counted."""
    given_rule = rule(limit, extension=None)
    reading = read(given_rule, events, CALENDAR)
    assert reading.due is not None
    assert reading.started is not None
    day, counted = reading.started.date(), 0
    while day < reading.due.date():
        day += timedelta(days=1)
        paused = any(s.since < midnight(day) <= s.until for s in reading.suspensions if s.until)
        counted += CALENDAR.is_working(day) and not paused
    asleep = any(s.since < midnight(d) <= s.until for s in reading.suspensions if s.until for d in [day])
    assert not asleep
    assert counted in (limit, limit + 1)  # one more where the limit ended during a suspension
    if counted == limit + 1:
        assert reading.due == read(rule(limit + 1, extension=None), events, CALENDAR).due


@given(histories(open_end=False), st.integers(1, 60))
@example([start("2026-02-10"), suspend("2026-02-13"), resume("2026-02-24")], 10)
def test_due_days_agree_with_a_slow_walk_on_another_calendar(events: list[ClockEvent], limit: int) -> None:
    """Two implementations and two sources: day by day on the ``holidays`` package, 2010 to 2026."""
    reading = read(rule(limit, extension=None), events, CALENDAR)
    assert reading.due is not None
    assume(reading.due.year <= 2026)
    paused = [(s.since, s.until) for s in reading.suspensions if s.until]
    assert reading.due_day == slow_due_day(limit, events[0].at, paused, is_working)


@given(rules(), histories(), st.lists(MINUTES, min_size=2, max_size=6))
def test_what_has_been_counted_never_shrinks(
    given_rule: ClockRule, events: list[ClockEvent], minutes: list[int]
) -> None:
    readings = [read(given_rule, events, CALENDAR, events[0].at + timedelta(minutes=m)) for m in sorted(minutes)]
    counted = [r.counted for r in readings]
    assert counted == sorted(counted)
    assert all(0 <= r.counted <= r.total for r in readings)
    assert all(r.late == (r.remaining < 0 or (r.late and r.remaining == 0)) for r in readings)


@given(rules(), histories(open_end=False), MINUTES)
def test_cards_turn_in_order_and_at_the_instants_told(
    given_rule: ClockRule, events: list[ClockEvent], minutes: int
) -> None:
    reading = read(given_rule, events, CALENDAR)
    assert reading.due is not None
    if reading.amber_at and reading.red_at:
        assert reading.amber_at <= reading.red_at
    turns = [t for t in (reading.amber_at, reading.red_at) if t]
    assert all(turn <= reading.due for turn in turns)
    now = max(events[0].at + timedelta(minutes=minutes), *[e.at for e in events])
    colour = read(given_rule, events, CALENDAR, now).card
    expected = "red" if now > reading.due or (reading.red_at and now >= reading.red_at) else None
    expected = expected or ("amber" if reading.amber_at and now >= reading.amber_at else "green")
    assert colour == expected


@given(rules(DAY_UNITS), histories(open_end=False), st.integers(-5, 150))
def test_a_flipped_day_moves_the_due_date_by_exactly_its_working_day(
    given_rule: ClockRule, events: list[ClockEvent], offset: int
) -> None:
    given_rule = given_rule.model_copy(update={"extension": None})
    day = local(events[0].at).date() + timedelta(days=offset)
    flipped = CALENDAR.amended({day: SpecialDay(not CALENDAR.is_working(day), "调整")})
    before, after = due(given_rule, events, CALENDAR), due(given_rule, events, flipped)
    assert before is not None
    assert after is not None
    change = recompute(given_rule, events, CALENDAR, flipped)
    last = max(before, after).date()
    if before != after:
        assert change is not None
        assert change.moved
        assert change.days == (day,)
        assert change.shift_days == (after.date() - before.date()).days
        assert (after > before) == CALENDAR.is_working(day)
    if not local(events[0].at).date() < day <= last:
        assert before == after
    paused = read(given_rule, events, CALENDAR).suspensions
    if given_rule.unit is Unit.WORKING_DAY and not paused and local(events[0].at).date() < day <= last:
        assert abs(flipped.working_index(after.date()) - flipped.working_index(before.date())) <= 1
        assert flipped.count(local(events[0].at).date(), after.date()) == given_rule.limit


@given(rules(), histories())
def test_rules_and_events_survive_json(given_rule: ClockRule, events: list[ClockEvent]) -> None:
    rule_again = ClockRule.model_validate_json(given_rule.model_dump_json())
    events_again = [ClockEvent.model_validate_json(e.model_dump_json()) for e in events]
    assert rule_again == given_rule
    assert read(rule_again, events_again, CALENDAR) == read(given_rule, events, CALENDAR)


@given(rules(), histories())
def test_the_state_follows_from_the_reading(given_rule: ClockRule, events: list[ClockEvent]) -> None:
    reading = read(given_rule, events, CALENDAR)
    assert reading.not_before is not None
    if reading.state is State.SUSPENDED:
        assert reading.due is None
        assert any(s.until is None for s in reading.suspensions)
    if reading.due is not None:
        assert reading.due == reading.not_before
    assert (reading.stopped is not None) == (reading.state is State.STOPPED)


def test_the_same_clock_on_the_same_calendar_does_not_change() -> None:
    assert recompute(rule(5), [start(at("2026-11-20"))], CALENDAR, national_calendar()) is None
    assert recompute(rule(5), [], CALENDAR, CALENDAR.amended({date(2026, 11, 23): SpecialDay(False, "")})) is None


def test_the_first_day_cannot_move_a_clock_and_the_last_day_can() -> None:
    first, last = date(2026, 11, 20), date(2026, 11, 27)
    changed = [first, date(2026, 11, 25), last, date(2026, 11, 30)]
    assert moved_days(first, last, changed) == (date(2026, 11, 25), last)
