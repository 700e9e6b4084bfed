"""What a pack may declare of a clock, and what it is told when it is wrong."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from shuzheng.engines.casework.clock import (
    GROUNDS,
    ClockEvent,
    ClockKind,
    ClockRule,
    Ground,
    PromiseTooLong,
    Rung,
    Stop,
    Unit,
    check_promise,
    default_ladder,
    standard_rule,
)
from tests.engines.casework.clock.clocks import at, rule

DECLARED = {
    "code": "decide",
    "title": "法定时限",
    "limit": 20,
    "basis": "《行政许可法》第四十二条",
    "stops": ["hearing", {"ground": "site_survey", "basis": "《食品经营许可和备案管理办法》"}],
    "extension": {"limit": 10},
    "ladder": {"amber": "20%", "red": 1},
    "closes_at": "17:30",
    "office_hours": [["09:00", "12:00"], ["14:30", "17:30"]],
}


def test_a_rule_is_written_briefly() -> None:
    given = ClockRule.model_validate(DECLARED)
    assert given.laws == {
        Ground.HEARING: "《行政许可法》第四十五条",
        Ground.SITE_SURVEY: "《食品经营许可和备案管理办法》",
    }
    assert given.warnings.thresholds(20) == (4, 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"limit": 0}, "greater than or equal to 1"),
        ({"unit": "weeks"}, "Input should be"),
        ({"colour": "red"}, "Extra inputs"),
        ({"stops": ["site_survey"]}, "没有通用的法律依据"),
        ({"stops": ["hearing", "hearing"]}, "写了两次"),
        ({"ladder": {"amber": {}}}, "二者取一"),
        ({"ladder": {"amber": "0%"}}, "greater than or equal to 1"),
        ({"office_hours": [["13:00", "12:00"]]}, "不重叠"),
        ({"office_hours": []}, "不重叠"),
    ],
)
def test_a_wrong_rule_says_what_is_wrong(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        ClockRule.model_validate(DECLARED | change)


@pytest.mark.parametrize("kind", ["suspend", "extend"])
def test_an_event_must_be_complete(kind: str) -> None:
    with pytest.raises(ValidationError, match="必须写明"):
        ClockEvent.model_validate({"id": "1", "kind": kind, "at": at("2026-11-23")})


def test_an_event_without_zone_is_refused() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        ClockEvent.model_validate({"id": "1", "kind": "start", "at": "2026-11-23T10:00:00"})


@pytest.mark.parametrize(
    ("promised", "statutory", "fits"),
    [
        ((10, Unit.WORKING_DAY), (20, Unit.WORKING_DAY), True),
        ((20, Unit.WORKING_DAY), (20, Unit.WORKING_DAY), True),
        ((21, Unit.WORKING_DAY), (20, Unit.WORKING_DAY), False),
        ((20, Unit.WORKING_DAY), (20, Unit.CALENDAR_DAY), False),
        ((10, Unit.WORKING_DAY), (14, Unit.CALENDAR_DAY), True),
        ((24, Unit.HOUR), (1, Unit.CALENDAR_DAY), True),
        ((25, Unit.HOUR), (1, Unit.CALENDAR_DAY), False),
        ((1, Unit.WORKING_HOUR), (1, Unit.WORKING_DAY), True),
        ((7, Unit.WORKING_HOUR), (1, Unit.WORKING_DAY), False),
    ],
)
def test_a_promise_is_never_longer_than_the_law(
    promised: tuple[int, Unit], statutory: tuple[int, Unit], fits: bool
) -> None:
    pair = standard_rule(ClockKind.PROMISED, *promised), standard_rule(ClockKind.STATUTORY, *statutory)
    if fits:
        check_promise(*pair)
    else:
        with pytest.raises(PromiseTooLong, match="请缩短承诺时限"):
            check_promise(*pair)


def test_every_ground_has_a_name_in_both_languages() -> None:
    assert set(GROUNDS) == set(Ground)
    assert all(facts.chinese and facts.english for facts in GROUNDS.values())


def test_a_rule_s_own_basis_goes_before_the_general_one() -> None:
    assert Stop(ground=Ground.HEARING, basis="《城乡规划法》").law == "《城乡规划法》"


def test_a_ladder_counts_a_share_of_the_whole_limit() -> None:
    assert Rung(percent=20).threshold(30) == 6
    assert default_ladder(20).thresholds(20) == (4, 0)
    assert default_ladder(3).thresholds(3) == (0, None)
    assert default_ladder(24, hours=True).thresholds(24) == (6, 2)


def test_amber_never_comes_after_red() -> None:
    assert rule(20, ladder={"amber": 1, "red": 5}).warnings.thresholds(20) == (5, 5)
