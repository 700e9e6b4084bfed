"""Paging by key: whatever the data, the order and the size, a walk meets every row once, in order, both ways."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import UUID

import pytest
from django.db.models import QuerySet
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from shuzheng.kernel.models import EventRecord, PackRelease
from shuzheng.kernel.moment import now
from shuzheng.kernel.page import BadCursor, Page, page

ORDERS = [("code", "id"), ("-code", "-id"), ("-code", "version", "id"), ("loaded_at", "id"), ("-id",)]


def rows() -> QuerySet[PackRelease]:
    return PackRelease.objects.all()


def fill(codes: list[int]) -> None:
    """Make a row per number, many of them alike."""
    moment = now()
    PackRelease.objects.bulk_create(
        PackRelease(code=f"{code}", version=f"{index % 3}", title="x", content_hash=f"{index}", loaded_at=moment)
        for index, code in enumerate(codes)
    )


def walk(order: tuple[str, ...], size: int) -> list[Page[PackRelease]]:
    """Return all pages, forward."""
    pages = [page(rows(), order=order, size=size)]
    while pages[-1].next:
        pages.append(page(rows(), order=order, after=pages[-1].next, size=size))
    return pages


class TestWalking(TestCase):
    """Properties of walks over lists with many ties."""

    @settings(max_examples=40, deadline=None)
    @given(
        codes=st.lists(st.integers(0, 3), max_size=14),
        order=st.sampled_from(ORDERS),
        size=st.integers(1, 5),
    )
    def test_every_row_is_met_once_in_order_forward_and_back(
        self, codes: list[int], order: tuple[str, ...], size: int
    ) -> None:
        fill(codes)
        wanted = [row.pk for row in rows().order_by(*order)]
        pages = walk(order, size)
        assert [row.pk for one in pages for row in one.items] == wanted
        assert all(len(one.items) == size for one in pages[:-1])
        assert pages[0].previous is None
        back, cursor = [pages[-1]], pages[-1].previous
        while cursor:
            back.insert(0, page(rows(), order=order, after=cursor, size=size))
            cursor = back[0].previous
        assert [row.pk for one in back for row in one.items] == wanted

    @settings(max_examples=25, deadline=None)
    @given(steps=st.lists(st.booleans(), max_size=12), size=st.integers(1, 4))
    def test_going_back_and_forth_leads_to_the_same_pages(self, steps: list[bool], size: int) -> None:
        fill([0, 1, 1, 1, 2, 2, 3, 0, 3])
        pages = [[row.pk for row in one.items] for one in walk(("-code", "-id"), size)]
        place, current = 0, page(rows(), order=("-code", "-id"), size=size)
        for forward in steps:
            cursor = current.next if forward else current.previous
            if cursor is None:
                continue
            place += 1 if forward else -1
            current = page(rows(), order=("-code", "-id"), after=cursor, size=size)
            assert [row.pk for row in current.items] == pages[place]


@pytest.mark.django_db
class TestCursors:
    """What a cursor is worth, and to whom."""

    def test_rows_made_meanwhile_neither_repeat_nor_hide_others(self) -> None:
        fill([1, 3])
        first = page(rows(), order=("code", "id"), size=1)
        fill([0, 2])
        rest = page(rows(), order=("code", "id"), after=first.next, size=9)
        assert [row.code for row in first.items + rest.items] == ["1", "2", "3"]

    def test_a_page_is_one_statement(self, django_assert_num_queries: Any) -> None:
        fill([1, 2, 3])
        cursor = page(rows(), order=("code", "id"), size=1).next
        with django_assert_num_queries(1):
            page(rows(), order=("code", "id"), after=cursor, size=1)

    def test_an_empty_list_leads_nowhere(self) -> None:
        assert page(rows(), order=("id",)) == Page([], None, None)

    def test_rows_are_ordered_across_a_relation(self) -> None:
        from shuzheng.testing.identity import a_resident, an_account

        people = [a_resident(name, account=False) for name in ("乙", "甲", "丙")]
        accounts = [an_account(person) for person in people]
        found = page(type(accounts[0]).objects.select_related("person"), order=("person__id", "id"), size=2)
        rest = page(type(accounts[0]).objects.all(), order=("person__id", "id"), after=found.next, size=2)
        assert [row.pk for row in found.items + rest.items] == [account.pk for account in accounts]

    @pytest.mark.parametrize(
        "cursor",
        [
            "garbage",
            "WzBd",
            "\x00",
            "错",
            "x" * 5000,
            base64.urlsafe_b64encode(b"5").decode(),
            base64.urlsafe_b64encode(json.dumps([0, "a", "not-an-id"]).encode()).decode(),
        ],
    )
    def test_what_is_no_cursor_is_refused(self, cursor: str) -> None:
        with pytest.raises(BadCursor):
            page(rows(), order=("code", "id"), after=cursor)

    def test_a_forged_cursor_is_refused(self) -> None:
        fill([1, 2])
        cursor = page(rows(), order=("code", "id"), size=1).next
        assert cursor
        body, _, signature = cursor.partition(":")
        known = json.loads(base64.urlsafe_b64decode(body + "=="))
        forged = base64.urlsafe_b64encode(json.dumps([known[0], "9", str(UUID(int=0))]).encode()).decode().rstrip("=")
        with pytest.raises(BadCursor):
            page(rows(), order=("code", "id"), after=f"{forged}:{signature}")

    def test_a_cursor_of_another_list_or_order_is_refused(self) -> None:
        fill([1, 2])
        cursor = page(rows(), order=("id",), size=1).next
        with pytest.raises(BadCursor):
            page(rows(), order=("-id",), after=cursor)
        with pytest.raises(BadCursor):
            page(EventRecord.objects.all(), order=("id",), after=cursor)
