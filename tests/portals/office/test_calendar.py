"""The working calendar: a year at a glance, and changing a day with its effect seen before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuzheng.engines.casework.actions.intake import AcceptCase
from shuzheng.engines.vocabulary.models import WorkdayOverride
from shuzheng.engines.vocabulary.queries import forget_calendars, work_calendar
from shuzheng.kernel.moment import today

PAGE = "/office/calendar/"


@pytest.fixture(autouse=True)
def calendars():
    """Let no test's calendar outlive it."""
    forget_calendars()
    yield
    forget_calendars()


@pytest.fixture
def keeper(desk_of):
    return desk_of("日历", posts=["handler"], permissions=["vocabulary.keep_calendar"], scope="36.3607.360702")


def test_a_year_shows_holidays_and_make_up_days(clerk) -> None:
    page = clerk.get(PAGE, year="2026").content.decode()
    assert 'class="is-holiday" title="休息 国庆节"' in page
    assert 'class="is-makeup" title="上班 国庆节"' in page
    assert "暂定" not in page


def test_a_year_that_is_not_announced_is_marked_provisional(clerk) -> None:
    page = clerk.get(PAGE, year="2035").content.decode()
    assert "国务院还没有公布这一年的放假安排" in page


def test_an_impossible_year_shows_the_nearest(clerk) -> None:
    assert "2040 年工作日历" in clerk.get(PAGE, year="9999").content.decode()
    assert clerk.get(PAGE, year="abc").status_code == 200


def test_a_change_is_previewed_then_made_for_the_keepers_division_only(keeper, clerk, case) -> None:
    AcceptCase.do(clerk.actor, case_id=case.pk)
    calendar = work_calendar("360702000000")
    day = calendar.nth_working_day(today(), 2)
    preview = keeper.post(f"{PAGE}?year={day.year}", day=day.isoformat(), working="rest", reason="防汛", preview="1")
    page = preview.content.decode()
    assert "在办办件有 1 件" in page
    assert "防汛" in page
    assert not WorkdayOverride.objects.exists()
    keeper.post(f"{PAGE}?year={day.year}", day=day.isoformat(), working="rest", reason="防汛应急响应")
    assert WorkdayOverride.objects.get().division_code == "360702000000"
    assert not work_calendar("360702000000", fresh=True).is_working(day)
    assert work_calendar("360403000000", fresh=True).is_working(day)
    assert "防汛应急响应" in keeper.get(PAGE, year=str(day.year)).content.decode()


def test_a_day_that_is_none_is_refused_in_words(keeper) -> None:
    answer = keeper.browser.post(PAGE, {"day": "2026-02-30", "working": "rest", "reason": "防汛"}, follow=True)
    assert "日期不存在" in answer.content.decode()


def test_others_look_and_change_nothing(clerk) -> None:
    assert "调整一天" not in clerk.get(PAGE).content.decode()
    day = today() + timedelta(days=10)
    clerk.post(PAGE, day=day.isoformat(), working="rest", reason="防汛应急")
    assert not WorkdayOverride.objects.exists()
