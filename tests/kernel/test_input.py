"""Inputs: what is wrong with each field and how to mend it; nothing gets in that could not be stored."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, field_validator

from shuzheng.kernel.error import InvalidInput
from shuzheng.kernel.input import DEEPEST, Input, canonical_digest, canonical_json


class Colour(StrEnum):
    """Of a card."""

    GREEN = "green"
    RED = "red"


class Part(Input):
    """A part."""

    name: str = ""


class Whole(Input):
    """Something of everything."""

    code: str = Field(default="ok", min_length=2, max_length=5, pattern=r"^[a-z]+$")
    count: int = Field(default=1, ge=0, le=10)
    over: int = Field(default=1, gt=0, lt=10)
    share: float = 0.5
    price: Decimal = Decimal(1)
    sure: bool = True
    day: date = date(2026, 1, 1)
    moment: datetime | None = None
    id: UUID | None = None
    colour: Colour = Colour.GREEN
    way: Literal["post", "window"] = "post"
    parts: list[Part] = Field(default=[Part()], min_length=1, max_length=2)
    free: dict[str, Any] = {}
    raw: dict[str, Any] = {}

    forgiven = frozenset({"raw"})

    @field_validator("way")
    @classmethod
    def _no_post(cls, value: str) -> str:
        if value == "window":
            raise ValueError("窗口今天不开。")
        return value


def problems(**given: Any) -> dict[str, str]:
    """Return what is wrong with an input, by field."""
    try:
        Whole.read(given)
    except InvalidInput as refused:
        return {problem.path: problem.message for problem in refused.errors}
    return {}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("code", "abcdef", "最多 5 个字"),
        ("code", "a", "至少 2 个字"),
        ("code", "ABC", "格式不对"),
        ("count", "十", "请填写整数"),
        ("count", -1, "不能小于 0"),
        ("count", 11, "不能大于 10"),
        ("over", 0, "必须大于 0"),
        ("over", 10, "必须小于 10"),
        ("share", "x", "请填写数字"),
        ("price", "x", "请填写数字"),
        ("sure", "perhaps", "请选择是或否"),
        ("day", "2026-02-30", "日期不存在或格式不对"),
        ("day", "明天", "日期不存在或格式不对"),
        ("moment", "2026-13-01T00:00", "时间格式不对"),
        ("id", "7", "编号格式不对"),
        ("colour", "blue", "只能选择：'green' or 'red'"),
        ("way", "fly", "只能选择：'post' or 'window'"),
        ("way", "window", "窗口今天不开"),
        ("parts", [], "至少要有 1 项"),
        ("parts", [{}, {}, {}], "最多 2 项"),
        ("unknown", 1, "没有这一项"),
        ("code", ["list"], "内容不符合要求"),
    ],
)
def test_every_field_says_what_is_wrong_and_how_to_mend_it(field: str, value: Any, words: str) -> None:
    found = problems(**{field: value})
    assert list(found) == [field]
    assert words in found[field]


def test_a_missing_field_and_one_deep_inside_are_named_by_their_path() -> None:
    class Needy(Input):
        """Needs something."""

        parts: list[Part]
        code: str

    with pytest.raises(InvalidInput) as raised:
        Needy.read({"parts": [{}, {"colour": 1}]})
    assert {problem.path: problem.message for problem in raised.value.errors} == {
        "parts.1.colour": "没有这一项，请删去。",
        "code": "这一项必须填写。",
    }


@pytest.mark.parametrize("text", ["坏\x00字", "\ud800", "\x1b[31m", "\x7f"])
@pytest.mark.parametrize(
    ("place", "path"),
    [("code", "code"), ("free", "free.note.0"), ("parts", "parts.0.name")],
)
def test_characters_that_cannot_be_stored_are_refused_where_they_stand(text: str, place: str, path: str) -> None:
    value: Any = {"code": text, "free": {"note": [text]}, "parts": [{"name": text}]}[place]
    found = problems(**{place: value})
    assert list(found) == [path]
    assert "无法保存的字符" in found[path]


def test_line_ends_tabs_and_every_script_are_welcome() -> None:
    text = "一\r\n二\t三 𠮷 😀 é"
    assert Whole.read({"free": {"note": text}}).free == {"note": text}


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 10**400, -(10**18)])
def test_numbers_that_cannot_be_stored_are_refused(number: float) -> None:
    assert "普通的数字" in problems(free={"n": number})["free.n"]


def test_a_name_inside_free_content_is_checked_as_well() -> None:
    assert "无法保存的字符" in problems(free={"a\x00": 1})["free"]


def test_content_nested_too_deep_is_refused_instead_of_overflowing() -> None:
    deep: Any = []
    for _level in range(900):
        deep = [deep]
    assert any("嵌套过深" in message for message in problems(free={"a": deep}).values())
    fair: Any = "x"
    for _level in range(DEEPEST - 2):
        fair = [fair]
    assert problems(free={"a": fair}) == {}


def test_what_an_action_cleans_by_itself_is_let_through() -> None:
    assert Whole.read({"raw": {"half": "坏\x00字"}}).raw == {"half": "坏\x00字"}


def test_blanks_around_text_are_removed_and_inputs_cannot_be_changed() -> None:
    given_input = Whole.read({"code": " abc "})
    assert given_input.code == "abc"
    with pytest.raises(ValueError, match="frozen"):
        given_input.code = "x"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner), max_leaves=8
)


@given(st.dictionaries(st.text(), json_values, max_size=5), st.randoms())
def test_a_digest_does_not_depend_on_the_order_of_keys(value: dict[str, Any], random: Any) -> None:
    shuffled = list(value.items())
    random.shuffle(shuffled)
    assert canonical_digest(value) == canonical_digest(dict(shuffled))


@given(json_values, json_values)
def test_different_content_has_different_digests(one: Any, other: Any) -> None:
    assert (canonical_json(one) == canonical_json(other)) == (canonical_digest(one) == canonical_digest(other))


def test_the_digest_is_sm3_of_canonical_json() -> None:
    assert canonical_json({"b": 1, "a": "字"}) == '{"a":"字","b":1}'.encode()
    # printf '{}' | openssl dgst -sm3
    assert canonical_digest({}) == "f1a823aaaaafe40e113c7f04dd72c289faf86252c4a9b57cf1d3c9e12547f9ad"
