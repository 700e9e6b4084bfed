"""The working calendar against its source, against another package, and against itself."""

from __future__ import annotations

import warnings
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

with warnings.catch_warnings(action="ignore"):
    from workalendar.asia import China

from shuzheng.engines.vocabulary.calendar import (
    CORRECTIONS,
    FIRST,
    LAST,
    OutsideCalendar,
    SpecialDay,
    WorkCalendar,
    national_calendar,
)

CALENDAR = national_calendar()
DAYS = st.dates(date(2004, 1, 1), date(2039, 12, 31))


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


#: Where the ``holidays`` package is behind the State Council: 国办发明电〔2019〕3号 made Labour Day four days long.
HOLIDAYS_BEHIND = {date(2019, 4, 28), date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 5)}
#: Where ``workalendar`` is: 国办发明电〔2020〕1号 prolonged the Spring Festival of 2020 to 2 February.
WORKALENDAR_BEHIND = {date(2020, 1, 31), date(2020, 2, 1)}


#: Whenever it is asked, workalendar says which years it covers; its lunar dates are of an older style.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Support years"),
    pytest.mark.filterwarnings("ignore:.*is deprecated, use:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def workalendar() -> China:
    return China()


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_day_agrees_with_the_holidays_package(year: int) -> None:
    """``holidays`` (Vacanza) keeps its own tables of the notices; what differs is listed above and judged below."""
    oracle = holidays.country_holidays("CN", years=year)
    differing = {d for d in days_of(year) if CALENDAR.is_working(d) != oracle.is_working_day(d)}
    assert differing == {d for d in HOLIDAYS_BEHIND if d.year == year}


@pytest.mark.parametrize("year", range(2018, 2024))
def test_every_day_agrees_with_workalendar(year: int, workalendar: China) -> None:
    """A third source, for the years it covers."""
    differing = {d for d in days_of(year) if CALENDAR.is_working(d) != workalendar.is_working_day(d)}
    assert differing == {d for d in WORKALENDAR_BEHIND if d.year == year}


def test_a_day_on_which_one_package_differs_is_confirmed_by_the_other(workalendar: China) -> None:
    oracle = holidays.country_holidays("CN", years=2020)
    assert all(CALENDAR.is_working(d) == workalendar.is_working_day(d) for d in HOLIDAYS_BEHIND)
    assert all(CALENDAR.is_working(d) == oracle.is_working_day(d) for d in WORKALENDAR_BEHIND)


def test_a_day_that_chinese_calendar_has_wrong_is_corrected() -> None:
    """国办发明电〔2005〕35号: Saturday 31 December 2005 was worked in exchange for 3 January 2006."""
    assert CORRECTIONS[date(2005, 12, 31)].working
    assert CALENDAR.is_working(date(2005, 12, 31))
    assert not CALENDAR.is_working(date(2006, 1, 3))


def test_national_day_of_2026_is_as_announced() -> None:
    off = [d for d in days_of(2026) if date(2026, 9, 19) < d < date(2026, 10, 12) and not CALENDAR.is_working(d)]
    assert off[:3] == [date(2026, 9, 25), date(2026, 9, 26), date(2026, 9, 27)]
    assert off[3:10] == [date(2026, 10, n) for n in range(1, 8)]
    assert CALENDAR.special(date(2026, 10, 1)) == SpecialDay(working=False, name="国庆节")
    assert CALENDAR.special(date(2026, 10, 10)) == SpecialDay(working=True, name="国庆节")


def test_an_unannounced_year_has_plain_weeks_and_says_that_it_is_provisional() -> None:
    year = next(y for y in range(2026, 2041) if CALENDAR.is_provisional(date(y, 1, 1)))
    assert all(CALENDAR.is_working(d) == (d.weekday() < 5) for d in days_of(year))
    assert CALENDAR.any_provisional(date(year - 1, 12, 1), date(year, 1, 1))
    assert not CALENDAR.any_provisional(date(year - 1, 1, 1), date(year - 1, 12, 31))


@given(DAYS, st.integers(1, 250))
def test_the_nth_working_day_is_the_one_reached_by_walking(after: date, n: int) -> None:
    day, left = after, n
    while left:
        day += timedelta(days=1)
        left -= CALENDAR.is_working(day)
    assert CALENDAR.nth_working_day(after, n) == day
    assert CALENDAR.count(after, day) == n
    assert CALENDAR.on_or_after(day) == day


@given(DAYS)
def test_a_flipped_day_is_the_only_difference_and_changes_the_version(day: date) -> None:
    flipped = CALENDAR.amended({day: SpecialDay(not CALENDAR.is_working(day), "演练")})
    assert CALENDAR.differences(flipped) == [day]
    assert flipped.version != CALENDAR.version
    assert flipped != CALENDAR
    back = flipped.amended({day: SpecialDay(CALENDAR.is_working(day), "撤销")})
    assert back == CALENDAR
    assert hash(back) == hash(CALENDAR)


def test_announcing_a_year_changes_the_version_even_if_no_day_changes() -> None:
    announced = CALENDAR.amended({}, [2030])
    assert CALENDAR.differences(announced) == []
    assert announced.version != CALENDAR.version
    assert not announced.is_provisional(date(2030, 5, 1))


def test_a_year_can_be_replaced_whole() -> None:
    replaced = CALENDAR.amended({date(2026, 10, 1): SpecialDay(False, "国庆节")}, replace=[2026])
    assert not replaced.is_working(date(2026, 10, 1))
    assert replaced.is_working(date(2026, 10, 2))
    assert not replaced.is_working(date(2026, 10, 10))
    assert not replaced.is_working(date(2025, 10, 2))


@pytest.mark.parametrize("day", [FIRST - timedelta(days=1), LAST + timedelta(days=1)])
def test_days_outside_the_calendar_are_refused(day: date) -> None:
    with pytest.raises(OutsideCalendar, match="lies outside"):
        CALENDAR.is_working(day)
    with pytest.raises(OutsideCalendar):
        WorkCalendar({day: SpecialDay(False, "")}, ())


def test_counting_past_the_end_is_refused() -> None:
    with pytest.raises(OutsideCalendar, match="no working day"):
        CALENDAR.nth_working_day(LAST, 1)
    with pytest.raises(OutsideCalendar):
        CALENDAR.nth_working_day(FIRST, 0)


def test_the_first_day_of_the_calendar_can_be_asked() -> None:
    assert not CALENDAR.is_working(FIRST)
    assert CALENDAR.working_index(FIRST) == 0
    assert "announced to" in repr(CALENDAR)
