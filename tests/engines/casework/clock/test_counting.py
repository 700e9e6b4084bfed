"""Clocks that the law counts for us: each test is an article, or a decision of docs/explanation/statutory-clock.md."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from shuzheng.engines.casework.clock import (
    Card,
    ClockEvent,
    ClockKind,
    EventKind,
    ExtensionRule,
    Ground,
    RefusalReason,
    State,
    Unit,
    due,
    objection,
    read,
    standard_rule,
)
from shuzheng.engines.vocabulary.calendar import OutsideCalendar
from tests.engines.casework.clock.clocks import (
    CALENDAR,
    at,
    event,
    extend,
    resume,
    rule,
    site_survey,
    start,
    stop,
    suspend,
)


def due_day(limit: int, *events: ClockEvent, unit: Unit = Unit.WORKING_DAY, **fields: object) -> date | None:
    return read(rule(limit, unit, **fields), events, CALENDAR).due_day


# -- counting --------------------------------------------------------------------------------------------------


def test_the_day_of_the_start_does_not_count() -> None:
    assert due_day(1, start("2026-11-23 08:00")) == date(2026, 11, 24)
    assert due_day(1, start("2026-11-23 23:59")) == date(2026, 11, 24)


def test_a_day_begins_at_midnight_in_beijing_not_in_greenwich() -> None:
    assert due_day(1, start(datetime.fromisoformat("2026-11-23T15:59:59+00:00"))) == date(2026, 11, 24)
    assert due_day(1, start(datetime.fromisoformat("2026-11-23T16:00:00+00:00"))) == date(2026, 11, 25)


def test_the_last_day_lasts_until_midnight() -> None:
    last = due(rule(5), [start("2026-11-20")], CALENDAR)
    assert last == at("2026-11-28 00:00") - timedelta(microseconds=1)
    assert read(rule(5), [start("2026-11-20")], CALENDAR, last).state is State.RUNNING
    assert read(rule(5), [start("2026-11-20")], CALENDAR, at("2026-11-28 00:00")).state is State.LAPSED


def test_business_hours_can_close_the_last_day_earlier() -> None:
    assert due(rule(5, closes_at=time(17)), [start("2026-11-20")], CALENDAR) == at("2026-11-27 17:00")


def test_the_closing_minute_itself_is_in_time() -> None:
    given = rule(5, closes_at=time(17))
    shown = [read(given, [start("2026-11-20")], CALENDAR, at(f"2026-11-27 {hour}")).late for hour in ("17:00", "17:01")]
    assert shown == [False, True]


def test_working_days_skip_the_holiday_and_count_the_make_up_day() -> None:
    assert due_day(20, start("2026-09-11")) == date(2026, 10, 15)
    assert due_day(5, start("2026-09-24")) == date(2026, 10, 9)


def test_a_start_on_a_day_off_counts_from_the_next_working_day() -> None:
    assert due_day(1, start("2026-11-21")) == date(2026, 11, 23)


def test_calendar_days_count_every_day_and_move_off_a_holiday_at_the_end() -> None:
    assert due_day(60, start("2026-08-04"), unit=Unit.CALENDAR_DAY) == date(2026, 10, 8)
    assert due_day(60, start("2026-08-04"), unit=Unit.CALENDAR_DAY, roll_over=False) == date(2026, 10, 3)


def test_a_make_up_saturday_is_a_last_day_like_any_other() -> None:
    assert due_day(9, start("2026-10-01"), unit=Unit.CALENDAR_DAY) == date(2026, 10, 10)


def test_hours_run_through_night_and_holiday_from_the_very_instant() -> None:
    assert due(rule(24, Unit.HOUR), [start("2026-10-01 16:50")], CALENDAR) == at("2026-10-02 16:50")


@pytest.mark.parametrize(
    ("begin", "limit", "end"),
    [
        ("2026-09-24 10:00", 1, "2026-09-24 11:00"),
        ("2026-09-24 11:30", 1, "2026-09-24 14:00"),
        ("2026-09-24 16:50", 1, "2026-09-28 09:50"),
        ("2026-09-26 16:50", 1, "2026-09-28 10:00"),
        ("2026-09-23 16:00", 1, "2026-09-23 17:00"),
        ("2026-09-23 07:00", 13, "2026-09-24 17:00"),
    ],
)
def test_working_hours_run_only_while_the_office_is_open(begin: str, limit: int, end: str) -> None:
    assert due(rule(limit, Unit.WORKING_HOUR), [start(begin)], CALENDAR) == at(end)


# -- suspension ------------------------------------------------------------------------------------------------


def test_the_example_of_the_specification() -> None:
    given = rule(15, stops=[site_survey()])
    hearing = suspend("2026-11-26 10:00", Ground.SITE_SURVEY)
    reading = read(given, [start("2026-11-20"), hearing, resume("2026-12-03 15:00")], CALENDAR)
    assert reading.due_day == date(2026, 12, 18)
    assert reading.suspensions[0].ground is Ground.SITE_SURVEY


def test_the_day_of_a_suspension_counts_and_the_day_of_the_resumption_does_not() -> None:
    without = due_day(5, start("2026-11-20"))
    monday_to_tuesday = due_day(5, start("2026-11-20"), suspend("2026-11-23"), resume("2026-11-24"))
    assert (without, monday_to_tuesday) == (date(2026, 11, 27), date(2026, 11, 30))


def test_a_suspension_within_one_day_costs_nothing() -> None:
    assert due_day(5, start("2026-11-20"), suspend("2026-11-24 09:00"), resume("2026-11-24 17:00")) == date(
        2026, 11, 27
    )


def test_a_suspension_over_a_weekend_costs_only_the_working_day_of_its_end() -> None:
    assert due_day(5, start("2026-11-20"), suspend("2026-11-27"), resume("2026-11-29")) == date(2026, 11, 30)


def test_two_grounds_at_once_are_not_counted_twice() -> None:
    hearing, testing = suspend("2026-11-24", Ground.HEARING), suspend("2026-11-25", Ground.TESTING)
    nested = [start("2026-11-20"), hearing, testing, resume("2026-11-26", testing), resume("2026-11-27", hearing)]
    overlapping = [start("2026-11-20"), hearing, testing, resume("2026-11-26", hearing), resume("2026-11-27", testing)]
    simple = [start("2026-11-20"), hearing, resume("2026-11-27")]
    assert due_day(5, *nested) == due_day(5, *overlapping) == due_day(5, *simple) == date(2026, 12, 2)


def test_a_resumption_without_a_name_ends_every_suspension() -> None:
    events = [start("2026-11-20"), suspend("2026-11-24"), suspend("2026-11-25", Ground.TESTING), resume("2026-11-26")]
    assert due_day(5, *events) == date(2026, 12, 1)


def test_a_suspended_clock_has_no_due_date_but_an_earliest_one() -> None:
    events = [start("2026-11-20"), suspend("2026-11-24")]
    reading = read(rule(5), events, CALENDAR, at("2026-11-26"))
    assert (reading.state, reading.due, reading.amber_at, reading.red_at) == (State.SUSPENDED, None, None, None)
    assert reading.not_before == read(rule(5), [*events, resume("2026-11-26")], CALENDAR).due
    assert (reading.counted, reading.remaining) == (2, 3)


def test_a_clock_does_not_lapse_while_it_is_suspended() -> None:
    events = [start("2026-11-20"), suspend("2026-11-27 16:00")]
    assert read(rule(5), events, CALENDAR, at("2026-12-20")).state is State.SUSPENDED
    assert due_day(5, *events, resume("2026-12-02")) == date(2026, 12, 3)


def test_a_clock_woken_on_its_last_day_rolls_off_a_holiday() -> None:
    events = [start("2026-09-20"), suspend("2026-09-30"), resume("2026-10-02")]
    assert due_day(10, *events, unit=Unit.CALENDAR_DAY) == date(2026, 10, 8)


def test_a_suspension_after_the_lapse_changes_nothing() -> None:
    reading = read(rule(5), [start("2026-11-20"), suspend("2026-11-30")], CALENDAR, at("2026-12-02"))
    assert (reading.state, reading.due_day, reading.remaining) == (State.LAPSED, date(2026, 11, 27), -3)


def test_a_ground_without_law_does_not_stop_the_clock() -> None:
    survey = suspend("2026-11-24", Ground.SITE_SURVEY)
    reading = read(rule(5), [start("2026-11-20"), survey], CALENDAR)
    assert reading.state is State.RUNNING
    assert [(r.event_id, r.reason) for r in reading.refused] == [(survey.id, RefusalReason.GROUND_NOT_ALLOWED)]


def test_hours_are_suspended_to_the_second() -> None:
    events = [start("2026-11-23 09:00"), suspend("2026-11-23 09:30"), resume("2026-11-24 10:15")]
    assert due(rule(2, Unit.HOUR), events, CALENDAR) == at("2026-11-24 11:45")
    assert due(rule(2, Unit.WORKING_HOUR), events, CALENDAR) == at("2026-11-24 11:45")


# -- extension -------------------------------------------------------------------------------------------------


def test_an_extension_adds_its_units() -> None:
    assert due_day(20, start("2026-11-20"), extend("2026-12-10", 10)) == due_day(30, start("2026-11-20"))


@pytest.mark.parametrize("day", ["2026-11-27", "2026-12-20"])
def test_a_day_after_the_last_is_too_late_for_an_extension(day: str) -> None:
    late = extend(day)
    assert objection(rule(3), [start("2026-11-23")], late, CALENDAR) is RefusalReason.TOO_LATE
    assert objection(rule(3), [start("2026-11-23")], extend("2026-11-26 23:59"), CALENDAR) is None


def test_of_two_extensions_the_earlier_counts_and_refusals_are_in_order() -> None:
    once = rule(5, extension=ExtensionRule(limit=5))
    first, second, third = extend("2026-11-23", 3), extend("2026-11-24", 5), extend("2026-11-25", 4)
    for events in ([first, second, third], [third, second, first]):
        reading = read(once, [*events, start("2026-11-20")], CALENDAR)
        assert reading.extended == 3
        assert [refusal.event_id for refusal in reading.refused] == [second.id, third.id]


def test_what_is_refused_is_told_in_one_order() -> None:
    extension, suspension = extend("2026-11-18"), suspend("2026-11-19")
    reading = read(rule(5), [start("2026-11-20"), suspension, extension], CALENDAR)
    assert [refusal.event_id for refusal in reading.refused] == [extension.id, suspension.id]


def test_an_extension_granted_after_the_lapse_is_void() -> None:
    late = extend("2026-11-30")
    reading = read(rule(5), [start("2026-11-20"), late], CALENDAR, at("2026-12-01"))
    assert (reading.due_day, reading.extended) == (date(2026, 11, 27), 0)
    assert reading.refused == ((late.id, RefusalReason.TOO_LATE),)


@pytest.mark.parametrize(
    ("fields", "amount", "approver", "reason"),
    [
        ({}, 11, "局长", RefusalReason.TOO_LONG),
        ({}, 10, None, RefusalReason.NO_APPROVER),
        ({"extension": None}, 1, "局长", RefusalReason.NOT_EXTENDABLE),
    ],
)
def test_an_unlawful_extension_has_no_effect(
    fields: dict[str, object], amount: int, approver: str | None, reason: RefusalReason
) -> None:
    proposed = extend("2026-11-24", amount, approver)
    given, events = rule(5, **fields), [start("2026-11-20")]
    assert objection(given, events, proposed, CALENDAR) is reason
    assert due(given, [*events, proposed], CALENDAR) == due(given, events, CALENDAR)


def test_an_extension_is_granted_only_so_often() -> None:
    once = rule(5, extension=ExtensionRule(limit=3))
    first, second = extend("2026-11-23", 3), extend("2026-11-24", 3)
    assert objection(once, [start("2026-11-20"), first], second, CALENDAR) is RefusalReason.TOO_OFTEN
    assert objection(once, [start("2026-11-20")], first, CALENDAR) is None


# -- the clock's life ------------------------------------------------------------------------------------------


def test_without_a_start_nothing_runs() -> None:
    reading = read(rule(5), [suspend("2026-11-23")], CALENDAR)
    assert (reading.state, reading.due, reading.remaining) == (State.NOT_STARTED, None, 5)
    assert objection(rule(5), [], extend("2026-11-23"), CALENDAR) is RefusalReason.NOT_RUNNING


def test_what_happens_after_the_stop_has_no_effect() -> None:
    late = suspend("2026-11-26")
    reading = read(rule(5), [start("2026-11-20"), stop("2026-11-25"), late], CALENDAR)
    assert (reading.state, reading.late, reading.counted, reading.card) == (State.STOPPED, False, 3, Card.GREEN)
    assert reading.refused == ((late.id, RefusalReason.NOT_RUNNING),)


def test_a_stop_in_the_instant_of_the_start_stops() -> None:
    assert read(rule(5), [start("2026-11-20"), stop("2026-11-20")], CALENDAR).state is State.STOPPED


def test_a_stop_after_the_due_date_is_late_and_red() -> None:
    reading = read(rule(5), [start("2026-11-20"), stop("2026-12-01")], CALENDAR, at("2026-12-20"))
    assert (reading.state, reading.late, reading.remaining, reading.card) == (State.STOPPED, True, -2, Card.RED)


def test_a_stop_during_a_suspension_ends_both() -> None:
    reading = read(rule(5), [start("2026-11-20"), suspend("2026-11-24"), stop("2026-12-20")], CALENDAR)
    assert (reading.state, reading.late, reading.counted) == (State.STOPPED, False, 2)
    assert reading.suspensions[0].until == at("2026-12-20")


def test_a_restart_forgets_what_came_before() -> None:
    events = [start("2026-11-20"), suspend("2026-11-24"), stop("2026-11-25"), event(EventKind.RESTART, "2026-12-01")]
    reading = read(rule(5), events, CALENDAR)
    assert (reading.state, reading.due_day, reading.refused) == (State.RUNNING, date(2026, 12, 8), ())


def test_of_events_in_the_instant_of_a_restart_the_smaller_id_came_first() -> None:
    closed, again, decided = stop("2026-12-01"), event(EventKind.RESTART, "2026-12-01"), stop("2026-12-01")
    assert read(rule(5), [start("2026-11-20"), closed, again], CALENDAR).state is State.RUNNING
    assert read(rule(5), [start("2026-11-20"), closed, again, decided], CALENDAR).state is State.STOPPED


def test_two_different_events_must_not_share_an_id() -> None:
    first = start("2026-11-20")
    with pytest.raises(ValueError, match="share the id"):
        read(rule(5), [first, first.model_copy(update={"at": at("2026-11-23")})], CALENDAR)


def test_a_limit_beyond_the_calendar_is_refused() -> None:
    for unit in Unit:
        with pytest.raises(OutsideCalendar):
            read(rule(400_000, unit), [start("2026-11-20")], CALENDAR)
    with pytest.raises(OutsideCalendar):
        read(rule(5), [start("2001-11-20")], CALENDAR)
    with pytest.raises(OutsideCalendar):
        read(rule(5, Unit.HOUR), [start("2001-11-20")], CALENDAR)


def test_a_due_date_in_an_unannounced_year_is_marked_provisional() -> None:
    assert read(rule(20), [start("2026-12-25")], CALENDAR).provisional
    assert not read(rule(20), [start("2026-11-20")], CALENDAR).provisional
    assert read(rule(20), [start("2026-11-20")], CALENDAR).calendar == CALENDAR.version


# -- cards -----------------------------------------------------------------------------------------------------


def test_the_card_turns_amber_and_red_by_what_is_left() -> None:
    given, events = rule(20, ladder={"amber": 3, "red": "5%"}), [start("2026-11-20")]
    reading = read(given, events, CALENDAR)
    assert (reading.amber_at, reading.red_at) == (at("2026-12-15 00:00"), at("2026-12-17 00:00"))
    shown = [read(given, events, CALENDAR, at(day)) for day in ("2026-12-14", "2026-12-15", "2026-12-17", "2026-12-19")]
    assert [r.card for r in shown] == [Card.GREEN, Card.AMBER, Card.RED, Card.RED]
    assert [r.remaining for r in shown] == [4, 3, 1, 0]


def test_an_extension_takes_the_amber_card_back() -> None:
    events = [start("2026-11-20"), extend("2026-12-16", 10)]
    assert read(rule(20), events[:1], CALENDAR, at("2026-12-16")).card is Card.AMBER
    assert read(rule(20), events, CALENDAR, at("2026-12-16")).card is Card.GREEN


def test_a_short_limit_is_amber_on_its_last_day_and_red_only_when_missed() -> None:
    given, events = rule(1), [start("2026-11-20")]
    days = ("2026-11-20", "2026-11-23", "2026-11-24")
    assert [read(given, events, CALENDAR, at(d)).card for d in days] == [Card.GREEN, Card.AMBER, Card.RED]


def test_a_threshold_as_long_as_the_limit_is_reached_at_the_start() -> None:
    reading = read(rule(2, ladder={"amber": 5}), [start("2026-11-20")], CALENDAR)
    assert (reading.card, reading.amber_at) == (Card.AMBER, at("2026-11-20"))


def test_hours_have_cards_too() -> None:
    reading = read(rule(20, Unit.HOUR), [start("2026-11-20 00:00")], CALENDAR, at("2026-11-20 15:30"))
    assert (reading.amber_at, reading.red_at) == (at("2026-11-20 15:00"), at("2026-11-20 18:00"))
    assert (reading.card, reading.counted, reading.remaining) == (Card.AMBER, 15.5, 4.5)


def test_the_standard_rules_stop_for_permits_and_never_for_supervision() -> None:
    assert Ground.HEARING in standard_rule(ClockKind.STATUTORY, 20).laws
    assert standard_rule(ClockKind.SUPERVISION, 5).laws == {}
