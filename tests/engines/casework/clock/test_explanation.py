"""What a resident reads. Whole texts, because a sentence is right only as a whole."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from shuzheng.engines.casework.clock import ClockEvent, ClockRule, Ground, LineKind, Unit, explain, read
from tests.engines.casework.clock.clocks import (
    CALENDAR,
    at,
    extend,
    histories,
    resume,
    rule,
    rules,
    site_survey,
    start,
    stop,
    suspend,
)


def texts(given_rule: ClockRule, *events: ClockEvent, language: str = "zh", now: str | None = None) -> list[str]:
    return [line.text for line in explain(given_rule, events, CALENDAR, language, at(now) if now else None)]


SURVEYED = (start("2026-11-20"), suspend("2026-11-26", Ground.SITE_SURVEY), resume("2026-12-03 15:00"))


def test_a_suspended_clock_in_chinese() -> None:
    assert texts(rule(15, stops=[site_survey()]), *SURVEYED) == [
        "法定时限 15 个工作日，11月20日（周五）起算，当日不计入",
        "11月21日–22日 周末不计",
        "第 1 个工作日 11月23日（周一）",
        "第 2–4 个工作日 11月24日–26日",
        "11月27日起暂停计时（11月26日进入现场勘验，依据《食品经营许可和备案管理办法》）",
        "12月4日起继续计时（12月3日现场勘验结束，暂停期间的 5 个工作日不计）",
        "第 5–15 个工作日 12月4日–18日（其间 2 个周末不计）",
        "到期日 12月18日（周五），当日 24:00 前",
    ]


def test_a_suspended_clock_in_english() -> None:
    told = texts(rule(15, title="Statutory limit", stops=[site_survey()]), *SURVEYED, language="en")
    assert told[0] == "Statutory limit, 15 working days, from Fri 20 Nov, which itself does not count"
    assert told[3] == "Working days 2–4: 24–26 Nov"
    assert told[4] == "Paused from 27 Nov (on-site survey began on 26 Nov; 《食品经营许可和备案管理办法》)"
    assert told[5] == "Counting again from 4 Dec (on-site survey ended on 3 Dec; 5 working days not counted)"
    assert told[-1] == "Due Fri 18 Dec, before 24:00"


def test_holidays_are_named_and_make_up_days_shown() -> None:
    assert texts(rule(15), start("2026-09-17"))[1:] == [
        "第 1 个工作日 9月18日（周五）",
        "9月19日 周末不计",
        "第 2 个工作日 9月20日（周日），调休上班，计入",
        "第 3–6 个工作日 9月21日–24日",
        "中秋节 9月25日–27日 不计",
        "第 7–9 个工作日 9月28日–30日",
        "国庆节 10月1日–7日 不计",
        "第 10–11 个工作日 10月8日–9日",
        "第 12 个工作日 10月10日（周六），调休上班，计入",
        "10月11日 周末不计",
        "第 13–15 个工作日 10月12日–14日",
        "到期日 10月14日（周三），当日 24:00 前",
    ]


def test_an_extension_names_its_law() -> None:
    assert "11月24日经批准延长 3 个工作日（依据《行政许可法》第四十二条），期限共 8 个工作日" in texts(
        rule(5), start("2026-11-20"), extend("2026-11-24", 3)
    )


def test_a_weekend_alone_in_a_run_is_dated() -> None:
    assert "第 2–6 个工作日 11月24日–30日（11月28日–29日 周末不计）" in texts(rule(6), start("2026-11-20"))


def test_calendar_days_that_end_on_a_holiday_say_why_they_move() -> None:
    assert texts(rule(60, Unit.CALENDAR_DAY), start("2026-08-04")) == [
        "法定时限 60 天，8月4日（周二）起算，当日不计入",
        "第 1 天 8月5日（周三）",
        "第 2–60 天 8月6日–10月3日",
        "最后一天 10月3日（周六） 逢休息日，顺延至休息日结束的次日",
        "到期日 10月8日（周四），当日 24:00 前",
    ]


def test_a_clock_that_would_have_lapsed_asleep_says_why_it_moves() -> None:
    told = texts(rule(5), start("2026-11-20"), suspend("2026-11-27"), resume("2026-12-02"))
    assert told[-2:] == ["期限届满时仍在暂停，顺延至恢复后的第一个工作日", "到期日 12月3日（周四），当日 24:00 前"]


def test_hours_tell_moments() -> None:
    given_rule = rule(2, Unit.WORKING_HOUR)
    events = start("2026-09-24 16:00"), suspend("2026-09-24 16:30"), resume("2026-09-28 10:00")
    assert texts(given_rule, *events) == [
        "法定时限 2 个工作小时，9月24日（周四）16:00起算",
        "9月24日（周四）16:30起暂停计时（听证，依据《行政许可法》第四十五条）",
        "9月28日（周一）10:00起继续计时（听证结束，暂停期间的 1.5 个工作小时不计）",
        "到期时间 9月28日（周一）11:30",
    ]


def test_a_clock_paused_now_promises_only_the_earliest_day() -> None:
    told = texts(rule(5), start("2026-11-20"), suspend("2026-11-24"), now="2026-11-30")
    assert told[-1] == "目前暂停计时；如果今天恢复，到期日不早于 12月3日（周四）"


def test_two_grounds_tell_which_one_still_holds() -> None:
    hearing, testing = suspend("2026-11-24"), suspend("2026-11-25", Ground.TESTING)
    events = start("2026-11-20"), hearing, testing, resume("2026-11-26", hearing), resume("2026-11-27", testing)
    assert "11月26日听证结束，其他程序仍在进行，继续暂停" in texts(rule(5), *events)


def test_a_year_that_is_not_this_one_is_named_and_marked_provisional() -> None:
    told = texts(rule(20), start("2026-12-18"))
    assert told[-2:] == [
        "到期日 2027年1月15日（周五），当日 24:00 前",
        "2027年的放假安排尚未公布，暂按周末推算；公布后如有变化，将通知您",
    ]


@pytest.mark.parametrize(
    ("lapse", "last"),
    [
        ("escalate", "已超过期限 3 个工作日"),
        ("deemed_accepted", "逾期没有告知，视为自收到申请材料之日起受理（《行政许可法》第三十二条）"),
        ("deemed_granted", "逾期没有作出决定，视为准予延续（《行政许可法》第五十条）"),
    ],
)
def test_a_lapse_says_what_follows_by_law(lapse: str, last: str) -> None:
    assert texts(rule(5, lapse=lapse), start("2026-11-20"), now="2026-12-02")[-1] == last


def test_a_closed_case_says_how_long_it_took() -> None:
    in_time = texts(rule(5), start("2026-11-20"), stop("2026-11-25"))
    assert in_time[-1] == "11月25日（周三）办结，用时 3 个工作日，没有超期"
    late = texts(rule(5), start("2026-11-20"), stop("2026-12-01"), language="en")
    assert late[-1] == "Closed on Tue 1 Dec, 2 working days late"


def test_nothing_is_told_of_a_clock_that_has_not_started() -> None:
    assert texts(rule(5)) == ["尚未开始计时"]


def test_an_unlawful_extension_is_not_told() -> None:
    assert not [t for t in texts(rule(5), start("2026-11-20"), extend("2026-11-24", 99)) if "延长" in t]


@given(rules(), histories())
def test_every_clock_can_be_told_in_both_languages(given_rule: ClockRule, events: list[ClockEvent]) -> None:
    reading = read(given_rule, events, CALENDAR)
    for language in ("zh", "en"):
        lines = explain(given_rule, events, CALENDAR, language)
        assert lines[0].kind is LineKind.START
        dues = [line.last for line in lines if line.kind is LineKind.DUE]
        expected: list[date | None] = [reading.not_before.date()] if reading.not_before else []
        assert dues == expected
        assert not any("{" in line.text for line in lines)
    assert len({line.kind for line in lines}) >= 2
