"""Limits in months: the same date of a later month, or that month's last day (民法典 §200–§203)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from shuzheng.engines.casework.clock import (
    ClockKind,
    Ladder,
    Rung,
    Unit,
    check_promise,
    due,
    explain,
    read,
    standard_rule,
)
from shuzheng.engines.casework.clock.measure import months_after
from shuzheng.kernel.moment import local
from tests.engines.casework.clock.clocks import CALENDAR, MOMENTS, at, extend, resume, rule, start, suspend

MONTHS = st.integers(1, 60)


def months(amount: int, **fields: object):
    return rule(amount, Unit.MONTH, **fields)


@pytest.mark.parametrize(
    ("began", "amount", "last"),
    [
        ("2026-01-15", 1, "2026-02-24"),  # 15 February is Spring Festival: moved to the first working day
        ("2026-03-31", 1, "2026-04-30"),  # no 31 April
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-07-20", 3, "2025-10-20"),
        ("2025-09-01", 1, "2025-10-09"),  # National Day
    ],
)
def test_the_last_day_is_the_date_of_the_beginning(began: str, amount: int, last: str) -> None:
    assert read(months(amount), [start(began)], CALENDAR).due_day == date.fromisoformat(last)


@given(st.dates(date(2004, 1, 1), date(2030, 12, 31)), st.integers(0, 120))
def test_the_corresponding_day_agrees_with_another_implementation(day: date, amount: int) -> None:
    assert months_after(day, amount) == day + relativedelta(months=amount)


@given(MOMENTS, MONTHS)
def test_the_due_day_is_the_corresponding_day_or_the_next_working_day(begin: datetime, amount: int) -> None:
    corresponding = local(begin).date() + relativedelta(months=amount)
    assert read(months(amount, roll_over=False), [start(begin)], CALENDAR).due_day == corresponding
    rolled = read(months(amount), [start(begin)], CALENDAR).due_day
    assert rolled == CALENDAR.on_or_after(corresponding)


@given(MOMENTS, MONTHS, st.integers(0, 40))
def test_later_or_longer_is_never_due_earlier(begin: datetime, amount: int, days: int) -> None:
    plain = due(months(amount), [start(begin)], CALENDAR)
    assert plain is not None
    assert due(months(amount), [start(begin + timedelta(days=days))], CALENDAR) >= plain
    assert due(months(amount + 1), [start(begin)], CALENDAR) > plain


@given(MOMENTS, MONTHS, st.integers(0, 25), st.integers(1, 90))
def test_a_suspension_takes_away_exactly_its_days(begin: datetime, amount: int, after: int, days: int) -> None:
    since = begin + timedelta(days=after)
    paused = [start(begin), suspend(since), resume(since + timedelta(days=days))]
    ungiving = months(amount, roll_over=False)
    moved = due(ungiving, paused, CALENDAR)
    plain = due(ungiving, [start(begin)], CALENDAR)
    assert moved is not None
    assert plain is not None
    assert moved - plain == timedelta(days=days)


def test_an_extension_adds_months_to_the_months() -> None:
    reading = read(months(1), [start("2026-01-31"), extend("2026-02-10", 1)], CALENDAR)
    assert reading.due_day == date(2026, 3, 31)  # not 28 March: two months from the beginning
    assert (reading.total, reading.extended) == (59, 31)


def test_cards_turn_by_days() -> None:
    reading = read(months(3), [start("2025-07-20")], CALENDAR, at("2025-10-20"))
    assert reading.card == "red"
    assert reading.amber_at is not None
    assert reading.amber_at.date() == date(2025, 10, 2)
    own = months(3, ladder=Ladder(amber=Rung(remaining=10)))
    turned = read(own, [start("2025-07-20")], CALENDAR).amber_at
    assert turned is not None
    assert turned.date() == date(2025, 10, 10)


def test_a_resident_reads_how_the_months_were_counted() -> None:
    lines = [line.text for line in explain(months(3), [start("2025-11-30")], CALENDAR, now=at("2025-12-01"))]
    assert lines == [
        "法定时限 3 个月，11月30日（周日）起算，当日不计入",
        "按月计算：没有暂停时，3 个月到2026年2月28日（周六）期满，共 90 天；那个月没有 30 日，以月末日为准（《民法典》第二百零二条）",
        "第 1 天 12月1日（周一）",
        "第 2–90 天 12月2日–2026年2月28日",
        "到期日 2026年2月28日（周六），当日 24:00 前",
    ]
    english = [line.text for line in explain(months(12), [start("2025-11-21")], CALENDAR, "en", at("2025-12-01"))]
    assert english[0].endswith(" 1 year, from Fri 21 Nov, which itself does not count")
    assert english[1] == (
        "Counted in months: without pauses 1 year end on Sat 21 Nov 2026, 365 days in all (Civil Code, art. 202)"
    )


def test_a_promise_in_days_is_compared_with_a_law_in_months() -> None:
    law = standard_rule(ClockKind.STATUTORY, 3, Unit.MONTH)
    check_promise(standard_rule(ClockKind.PROMISED, 60, Unit.WORKING_DAY), law)
    with pytest.raises(ValueError, match="长于"):
        check_promise(standard_rule(ClockKind.PROMISED, 100, Unit.CALENDAR_DAY), law)


def test_house_rules_have_english_titles() -> None:
    (line, *_rest) = explain(standard_rule(ClockKind.PROMISED, 5), [start("2026-11-20")], CALENDAR, "en")
    assert line.text.startswith("Promised limit, 5 working days")
