"""Rows written and read without the ORM's compiler come out as the ORM would have them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django.fixtures import DjangoAssertNumQueries

from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.rows import find, find_all, write

MOMENT = datetime(2026, 11, 22, 1, 2, 3, 456789, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(TEXTS, parts, max_size=3),
    max_leaves=8,
)


def an_event(**fields: object) -> EventRecord:
    usual = {"type": "casework.case_filed", "subject": "1", "time": MOMENT, "data": {}, "correlation_id": "c"}
    return EventRecord(**{**usual, **fields})


class TestRoundTrip(TestCase):
    @settings(deadline=None)
    @given(text=TEXTS.filter(lambda text: len(text) < 30), data=st.dictionaries(TEXTS, PLAIN, max_size=4))
    def test_any_text_and_any_json_come_back_as_they_were(self, text: str, data: dict[str, object]) -> None:
        event = an_event(subject=text, data=data)
        write([event])
        kept = EventRecord.objects.get(pk=event.pk)
        found = find(EventRecord, pk=event.pk)
        assert found is not None
        assert (kept.subject, kept.data, kept.time) == (text, data, MOMENT)
        assert (found.subject, found.data, found.time) == (text, data, MOMENT)


@pytest.mark.django_db
def test_rows_of_several_tables_are_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    earlier = an_event()
    write([earlier])
    earlier.subject, earlier.type = "changed", "not written"
    rows = [an_event(), an_event()]
    with django_assert_num_queries(1):
        write(rows, [([earlier], ["subject"]), ([], ["subject"])])
    assert EventRecord.objects.filter(pk__in=[row.pk for row in rows]).count() == 2
    earlier.refresh_from_db()
    assert (earlier.subject, earlier.type) == ("changed", "casework.case_filed")
    assert not any(row._state.adding for row in rows)


@pytest.mark.django_db
def test_nothing_to_write_is_no_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        write()


@pytest.mark.django_db
def test_a_row_that_is_there_already_is_refused() -> None:
    event = an_event()
    write([event])
    with pytest.raises(IntegrityError), transaction.atomic():
        write([an_event(id=event.pk)])


@pytest.mark.django_db
def test_rows_are_found_by_any_fields_and_can_be_locked() -> None:
    write([an_event(subject="a"), an_event(subject="a"), an_event(subject="b")])
    with transaction.atomic():
        assert len(find_all(EventRecord, lock=True, subject="a", type="casework.case_filed")) == 2
    assert find(EventRecord, subject="c") is None
