"""Dates, days, signals and icons as people read them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from shuzheng.ui import sprite
from shuzheng.ui.templatetags import ui as tags

LATE = datetime(2026, 11, 22, 17, 5, tzinfo=UTC)


def test_dates_are_written_as_people_write_them() -> None:
    assert tags.zh_date(date(2026, 11, 22)) == "2026年11月22日"
    assert tags.zh_short_date(date(2026, 1, 2)) == "1月2日"


def test_a_moment_late_in_the_day_belongs_to_the_local_day() -> None:
    assert tags.zh_date(LATE) == "2026年11月23日"
    assert tags.zh_datetime(LATE) == "2026年11月23日 01:05"


def test_dates_are_written_in_english_on_english_pages() -> None:
    with override("en"):
        assert tags.zh_date(date(2026, 11, 22)) == "22 Nov 2026"
        assert tags.zh_datetime(LATE) == "23 Nov 2026 01:05"


@pytest.mark.parametrize("tag", [tags.zh_date, tags.zh_short_date, tags.zh_datetime])
def test_no_date_is_no_text(tag: Callable[..., str]) -> None:
    assert tag(None) == ""


@pytest.mark.parametrize(
    ("days", "unit", "text"),
    [
        (3, "workday", "还剩 3 个工作日"),
        (0, "workday", "今天到期"),
        (-2, "workday", "已超期 2 个工作日"),
        (5, "day", "还剩 5 天"),
        (-1, "day", "已超期 1 天"),
        (None, "day", ""),
    ],
)
def test_days_left_are_said_in_words(days: int | None, unit: str, text: str) -> None:
    with override("zh-hans"):
        assert tags.days_left(days, unit) == text


@pytest.mark.parametrize(
    ("card", "tone", "words"),
    [
        ("green", "green", "正常"),
        ("amber", "amber", "临近期限"),
        ("red", "red", "到期或超期"),
        (None, "grey", "暂停计时"),
    ],
)
def test_a_card_has_words_beside_its_colour(card: str | None, tone: str, words: str) -> None:
    with override("zh-hans"):
        assert (tags.card_colour(card), tags.card_label(card)) == (tone, words)


@pytest.mark.parametrize(("number", "text"), [(None, ""), (0, ""), (7, "7"), (99, "99"), (100, "99+")])
def test_counts_are_bounded(number: int | None, text: str) -> None:
    assert tags.bounded(number) == text


@pytest.mark.parametrize(
    ("name", "shown"), [("李华", "李华"), ("欧阳晓明", "晓明"), ("Ada Lovelace", "AL"), ("", "?"), (None, "?")]
)
def test_an_avatar_shows_the_given_name(name: str | None, shown: str) -> None:
    assert tags.initials(name) == shown


def test_a_value_is_masked_by_the_rule_that_the_settings_name(settings: object) -> None:
    assert tags.masked("", "id_number") == ""
    assert "0702" not in tags.masked("360702194001010018", "id_number")


def test_an_icon_is_decorative_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in tags.icon("home")
    assert 'role="img" aria-label="&lt;首页&gt;"' in tags.icon("home", label="<首页>")


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(sprite.UnknownIcon):
        tags.icon("no-such-icon")


def test_the_sprite_holds_exactly_the_icons_on_the_list() -> None:
    drawn = sprite.SPRITE.read_text("utf-8")
    assert {line.split('"')[1] for line in drawn.splitlines() if line.startswith("<symbol")} == sprite.names()
