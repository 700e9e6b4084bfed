"""Retention is counted from one of nine days, and never from a guess."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shuzheng.engines.documents.archive.retention import Dates, begins, ends
from shuzheng.engines.documents.archive.rule import ArchiveRule, Start, code_of

CLOSED = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("start", "dates", "expected"),
    [
        ({"way": "closed"}, {"closed_on": CLOSED}, CLOSED),
        ({"way": "closed"}, {}, None),
        ({"way": "parent-closed"}, {"closed_on": CLOSED, "parents": [date(2027, 1, 5)]}, date(2027, 1, 5)),
        ({"way": "parent-closed"}, {"closed_on": CLOSED, "parents": [None]}, None),
        ({"way": "parent-closed"}, {"closed_on": CLOSED}, None),
        ({"way": "related-closed"}, {"closed_on": CLOSED, "related": [date(2026, 1, 1)]}, CLOSED),
        ({"way": "related-closed"}, {"closed_on": CLOSED, "related": [date(2028, 1, 1), None]}, None),
        ({"way": "period-after-closing", "months": 24}, {"closed_on": CLOSED}, date(2028, 11, 22)),
        ({"way": "answer", "field": "ends_on"}, {"answer": date(2027, 6, 30)}, date(2027, 6, 30)),
        ({"way": "answer", "field": "ends_on"}, {"closed_on": CLOSED}, None),
        (
            {"way": "object", "field": "scrapped_on"},
            {"objects": [date(2030, 1, 1), date(2031, 1, 1)]},
            date(2031, 1, 1),
        ),
        ({"way": "object", "field": "scrapped_on"}, {"objects": [date(2030, 1, 1), None]}, None),
        ({"way": "decision-effective"}, {"effective": [date(2026, 12, 1), CLOSED]}, date(2026, 12, 1)),
        ({"way": "decision-expired"}, {"expires": [date(2031, 11, 21)]}, date(2031, 11, 21)),
        ({"way": "decision-expired"}, {"expires": [None]}, None),
        ({"way": "event", "event": "监护终止"}, {"event_on": date(2029, 2, 3)}, date(2029, 2, 3)),
        ({"way": "event", "event": "监护终止"}, {"closed_on": CLOSED}, None),
    ],
)
def test_the_nine_source_dates(start: dict[str, Any], dates: dict[str, Any], expected: date | None) -> None:
    assert begins(Start.model_validate(start), Dates.model_validate(dates)) == expected


def test_years_are_counted_from_the_next_january_unless_the_rule_says_otherwise() -> None:
    assert ends(ArchiveRule(retention="10年"), CLOSED) == date(2037, 1, 1)
    assert ends(ArchiveRule(retention="30年", from_next_year=False), date(2024, 2, 29)) == date(2054, 2, 28)
    assert ends(ArchiveRule(retention="永久"), CLOSED) is None
    assert ends(ArchiveRule(retention="10年"), None) is None


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 99), st.booleans())
def test_retention_never_ends_early(day: date, years: int, from_next_year: bool) -> None:
    end = ends(ArchiveRule(retention=f"{years}年", from_next_year=from_next_year), day)
    assert end is not None
    assert end.year - day.year >= years
    assert end > day


@pytest.mark.parametrize(
    "bad",
    [
        {"retention": "长期"},
        {"retention": "0年"},
        {"nomination": "destroy"},
        {"starts": {"way": "answer"}},
        {"starts": {"way": "closed", "months": 3}},
        {"starts": {"way": "event"}},
        {"starts": {"way": "whenever"}},
        {"category": "政务"},
        {"keep": True},
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ArchiveRule.model_validate(bad)


def test_what_a_rule_does_not_say_is_kept_for_good() -> None:
    rule = ArchiveRule()
    assert (rule.retention, rule.nomination) == ("永久", "keep")
    assert [code_of(text) for text in ("永久", "30年", "10年")] == ["Y", "D30", "D10"]
