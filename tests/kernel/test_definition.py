"""Definitions: versions side by side, intervals that never overlap, drafts, publication, retirement."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from shuzheng.kernel import definition
from shuzheng.kernel.definition import NoDefinition, by_id, find, get, listing
from shuzheng.kernel.models import DefinitionRecord
from shuzheng.kernel.moment import today
from shuzheng.kernel.publication import VersionTaken, draft, publish, retire
from tests.kernel.trial import Verse

LONG_AGO = date(2020, 1, 1)
pytestmark = pytest.mark.django_db


def a_verse(title: str = "静夜思", code: str = "verse") -> Verse:
    return Verse(code=code, title=title)


def put(version: str, effective: date = LONG_AGO, title: str = "静夜思", code: str = "verse") -> DefinitionRecord:
    """Publish a version and return its row."""
    record = draft("trial_verse", a_verse(title, code), version)
    publish([record], by="test", effective=effective)
    record.refresh_from_db()
    return record


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def test_the_version_in_force_depends_on_the_day() -> None:
    put("1.0.0", title="旧")
    put("2.0.0", in_days(10), title="新")
    assert get("trial_verse", "verse").title == "旧"
    assert get("trial_verse", "verse", on=in_days(9)).title == "旧"
    assert get("trial_verse", "verse", on=in_days(10)).title == "新"
    assert get("trial_verse", "verse", version="2.0.0").title == "新"
    with pytest.raises(NoDefinition):
        get("trial_verse", "verse", on=LONG_AGO - timedelta(days=1))
    with pytest.raises(NoDefinition):
        get("trial_verse", "verse", version="3.0.0")


def test_a_case_keeps_the_version_it_began_with() -> None:
    pinned = get("trial_verse", put("1.0.0", title="旧").key)
    put("2.0.0", title="新")
    assert get("trial_verse", "verse").title == "新"
    assert by_id(pinned.id).body == pinned.body
    definition.forget()
    assert by_id(pinned.id).body.title == "旧"


def test_what_is_said_of_a_version_is_renewed_when_another_ends_it() -> None:
    put("1.0.0")
    assert get("trial_verse", "verse").valid_to is None
    put("2.0.0", in_days(10))
    assert get("trial_verse", "verse").valid_to == in_days(10)
    assert [one.valid_to for one in listing("trial_verse")] == [in_days(10)]


def test_nothing_changes_in_the_past() -> None:
    first = put("1.0.0")
    second = put("2.0.0", in_days(-300))
    first.refresh_from_db()
    assert (first.valid.lower, first.valid.upper) == (LONG_AGO, today())
    assert second.valid.lower == today()


def test_a_version_that_never_came_into_force_gives_way_to_an_earlier_one() -> None:
    put("1.0.0")
    later = put("2.0.0", in_days(30))
    put("2.1.0", in_days(20))
    later.refresh_from_db()
    assert (later.status, later.valid.isempty) == ("retired", True)
    assert get("trial_verse", "verse", on=in_days(40)).version == "2.1.0"


def test_a_draft_is_in_force_nowhere_and_may_be_replaced() -> None:
    first = draft("trial_verse", a_verse("一稿"), "1.0.0")
    with pytest.raises(NoDefinition):
        get("trial_verse", "verse")
    assert by_id(first.pk).title == "一稿"
    second = draft("trial_verse", a_verse("二稿"), "1.0.0")
    assert by_id(second.pk).title == "二稿"
    with pytest.raises(NoDefinition):
        by_id(first.pk)


def test_the_number_of_a_published_version_is_taken() -> None:
    put("1.0.0")
    with pytest.raises(VersionTaken, match=r"1\.0\.0"):
        draft("trial_verse", a_verse("别的"), "1.0.0")


def test_a_retired_definition_takes_no_new_work_but_stays_for_what_runs() -> None:
    record = put("1.0.0")
    retire(record, on=in_days(5))
    assert get("trial_verse", "verse", on=in_days(4)).id == record.pk
    with pytest.raises(NoDefinition):
        get("trial_verse", "verse", on=in_days(5))
    assert by_id(record.pk).version == "1.0.0"


def test_retiring_what_has_not_begun_leaves_nothing_of_it_in_force() -> None:
    record = put("1.0.0", in_days(30))
    retire(record, on=in_days(5))
    assert record.status == "retired"
    assert find("trial_verse", "verse") is None


def test_a_definition_to_come_is_found_for_references() -> None:
    put("1.0.0", in_days(30), title="将来")
    assert find("trial_verse", "verse").title == "将来"
    assert find("trial_verse", "nobody") is None


def test_an_unknown_id_is_no_definition() -> None:
    with pytest.raises(NoDefinition):
        by_id(uuid4())


def test_the_database_refuses_two_published_versions_on_one_day() -> None:
    put("1.0.0")
    row = draft("trial_verse", a_verse(), "2.0.0")
    row.status, row.valid = "published", DateRange(in_days(3), in_days(4))
    with pytest.raises(IntegrityError, match="kernel_definition_validity"), transaction.atomic():
        row.save()


def test_a_listing_and_many_drafts_cost_a_fixed_number_of_statements(django_assert_max_num_queries) -> None:
    for code in ("a", "b", "c"):
        put("1.0.0", code=code)
    with django_assert_max_num_queries(1):
        assert [one.key for one in listing("trial_verse")] == ["a", "b", "c"]
    get("trial_verse", "a")
    with django_assert_max_num_queries(0):
        get("trial_verse", "a")


class TestValidity(TestCase):
    """Whatever is published in whatever order, each day has at most one version and no past day changes."""

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.integers(min_value=-60, max_value=60), min_size=1, max_size=7))
    def test_intervals_never_overlap_and_the_past_stays(self, days: list[int]) -> None:
        past = in_days(-1)
        for number, offset in enumerate(days):
            before = self._on(past) if number else None
            record = put(f"1.0.{number}", in_days(offset))
            if number:
                assert self._on(past) == before
            assert self._on(record.valid.lower) == record.pk
        found = DefinitionRecord.objects.filter(status="published").order_by("valid")
        intervals = [(record.valid.lower, record.valid.upper) for record in found]
        for (_start, end), (start, _end) in itertools.pairwise(intervals):
            assert end is not None
            assert end <= start

    def _on(self, day: date) -> object:
        try:
            return get("trial_verse", "verse", on=day).id
        except NoDefinition:
            return None
