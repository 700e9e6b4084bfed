"""A page of an original is drawn once: a second look costs reading the file and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from shuzheng.engines.documents.credentials import picturing
from shuzheng.engines.documents.fonts.families import face
from shuzheng.engines.documents.ofd.writer import Writer


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    picturing.remembered.clear()
    yield
    picturing.remembered.clear()


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The pages that were really drawn."""
    pages: list[int] = []
    real = picturing._drawn

    def counted(original: picturing._Original, number: int, prefix: str) -> str:
        pages.append(number)
        return real(original, number, prefix)

    monkeypatch.setattr(picturing, "_drawn", counted)
    return pages


def letter(words: str, pages: int = 2) -> bytes:
    """Return a file of so many pages."""
    writer = Writer(words, created=date(2026, 11, 22))
    for number in range(pages):
        writer.page(100, 80).text(10, 20, f"{words}{number}", face("song"), 5)
    return writer.to_bytes()


def test_a_second_look_draws_nothing_and_opens_nothing(drawn: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    data = letter("决定书")
    first = picturing.pictures(data, "a")
    assert (len(first), drawn) == (2, [0, 1])
    monkeypatch.setattr(picturing, "read", pytest.fail)
    assert picturing.pictures(data, "a") == first
    assert picturing.picture(data, "a") == first[0]
    assert drawn == [0, 1]


def test_another_file_another_page_and_other_identifiers_are_drawn_anew(drawn: list[int]) -> None:
    picturing.picture(letter("甲"), "a")
    picturing.picture(letter("乙"), "a")
    assert 'id="bp0' in picturing.picture(letter("甲"), "b")
    assert len(picturing.pictures(letter("甲"), "a")) == 2
    assert drawn == [0, 0, 0, 1]


def test_what_was_not_seen_for_longest_is_forgotten_first(drawn: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    files = [letter(words, 1) for words in "甲乙丙"]
    size = len(picturing.picture(files[0]))
    monkeypatch.setattr(picturing, "MOST_REMEMBERED", round(size * 2.5))
    for file in (files[1], files[0], files[2], files[0], files[1]):
        picturing.picture(file)
    assert len(drawn) == 4, "the first stayed, the second had to go"


def test_a_page_too_large_to_remember_is_drawn_each_time(drawn: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picturing, "LARGEST_REMEMBERED", 10)
    assert picturing.picture(letter("甲")) == picturing.picture(letter("甲")) != ""
    assert len(drawn) == 2


def test_what_cannot_be_read_is_no_picture_and_is_not_remembered(drawn: list[int]) -> None:
    assert picturing.pictures(b"%PDF-1.7") == []
    assert picturing.picture(b"") == ""
    assert drawn == []
