"""Reading YAML: everything has a line, and whatever cannot be read says where and why."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzheng.kernel.declaration import read_many
from shuzheng.kernel.source import Unreadable, nearest, parse_yaml, read_yaml

TEXT = """code: verse
title: 静夜思
lines:
  - 床前明月光
  - # 待写
follows: {code: other,
  title: x}
"""


def test_everything_has_its_line() -> None:
    located = parse_yaml(TEXT)
    places = [("title",), ("lines",), ("lines", 0), ("lines", 1), ("follows", "title"), ()]
    assert [located.line(place) for place in places] == [2, 3, 4, 5, 7, 1]


def test_what_is_not_in_the_file_has_the_line_of_what_is_around_it() -> None:
    located = parse_yaml(TEXT)
    assert located.line(("follows", "missing")) == 6
    assert located.line(("missing",)) == 1


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "不是有效的 YAML"),
        ("a: 1\na: 2\n", 2, "“a”写了两次"),
        ("a: 1\nday: 2026-02-30\n", 2, "“2026-02-30”不存在"),
        ("a: &x [1]\nb: *x\n", 2, "不能用别名"),
        ("a: &x\n  b: *x\n", 2, "不能用别名"),
        ("a: 1\n? [b]\n: 2\n", 2, "键应当是一个词"),
        ("a: 1\nb: 坏\x00字\n", 2, "#x0000"),
        ("a: 1\n---\nb: 2\n", 2, "another document"),
        ("a: !!python/object:os.system x\n", 1, "不是有效的 YAML"),
        ("[" * 3000, 1, "嵌套得太深"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(text: str, line: int, words: str) -> None:
    with pytest.raises(Unreadable) as raised:
        parse_yaml(text)
    assert raised.value.line == line
    assert words in str(raised.value)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    with suppress(Unreadable):
        assert parse_yaml(text).line(()) >= 1


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "empty.yaml"
    file.write_text("")
    assert read_yaml(file).value is None
    with pytest.raises(Unreadable, match="应当是一个列表"):
        read_many(file)


def test_the_nearest_known_name_is_suggested() -> None:
    assert nearest("food-busines", ["food-business", "road"]) == "您要写的是“food-business”吗？"
    assert nearest("xyz", ["food-business"]) == ""
