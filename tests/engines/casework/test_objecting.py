"""Until when one may object: a period never ends on a day off."""

from __future__ import annotations

from datetime import date

import pytest

from shuzheng.engines.casework.objecting import reconsider_until, sue_until

GANZHOU = "360700000000"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "reconsider", "sue"),
    [
        (date(2026, 3, 4), date(2026, 5, 6), date(2026, 9, 4)),  # Labour Day's holiday, 1 to 5 May
        (date(2026, 3, 17), date(2026, 5, 18), date(2026, 9, 17)),  # a Saturday
        (date(2026, 3, 31), date(2026, 6, 1), date(2026, 9, 30)),  # a Saturday; a month without a 31st
        (date(2026, 4, 1), date(2026, 6, 1), date(2026, 10, 8)),  # a Sunday; National Day's holiday
        (date(2099, 12, 1), date(2100, 1, 30), date(2100, 6, 1)),  # beyond the calendar nothing is moved
    ],
)
def test_a_period_that_ends_on_a_day_off_ends_with_the_next_working_day(
    start: date, reconsider: date, sue: date
) -> None:
    assert (reconsider_until(start, GANZHOU), sue_until(start, GANZHOU)) == (reconsider, sue)
