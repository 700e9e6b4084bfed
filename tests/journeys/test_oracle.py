"""The oracle itself, against days that the State Council has named (国办发明电〔2025〕7号)."""

from __future__ import annotations

from datetime import date

from tests.journeys.oracle import due_date, is_working_day


def test_weekends_that_are_made_up_for_are_working_days_and_bridged_days_are_not() -> None:
    assert is_working_day(date(2026, 5, 9)), "a Saturday, for the bridge of Labour Day"
    assert not is_working_day(date(2026, 5, 5))
    assert not is_working_day(date(2026, 10, 7))
    assert is_working_day(date(2026, 10, 10))


def test_a_pause_moves_the_day_by_the_working_days_in_it() -> None:
    assert due_date(date(2026, 4, 28), 10) == date(2026, 5, 14)
    assert due_date(date(2026, 4, 28), 10, (date(2026, 5, 6), date(2026, 5, 8))) == date(2026, 5, 18)
