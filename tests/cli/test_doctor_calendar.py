"""The doctor looks ahead to the year whose holidays are missing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shuzheng.cli.doctor.database import examine_calendar
from shuzheng.cli.doctor.finding import Level
from shuzheng.engines.vocabulary.queries import forget_calendars
from shuzheng.kernel import moment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "level", "said"),
    [
        (datetime(2026, 12, 1, 2, tzinfo=UTC), Level.WRONG, "2027 年放假安排还没有录入"),
        (datetime(2026, 11, 22, 2, tzinfo=UTC), Level.NOTE, "2027 年放假安排尚未录入"),
        (datetime(2026, 3, 2, 2, tzinfo=UTC), Level.FINE, "已确定"),
    ],
)
def test_a_missing_year_is_wrong_from_december(day: datetime, level: Level, said: str) -> None:
    forget_calendars()
    with moment.at(day):
        (finding,) = examine_calendar()
    assert finding.level is level
    assert said in finding.chinese
