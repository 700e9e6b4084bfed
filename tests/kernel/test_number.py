"""Case numbers: readable, unique however many are taken at once, and no single slip goes unnoticed."""

from __future__ import annotations

import string
import threading
from datetime import date

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from shuzheng.kernel.id import check_character, is_checked, new_id
from shuzheng.kernel.number import BLOCK, CYCLE, _block, reserve_case_numbers

ALPHABET = string.digits + string.ascii_uppercase
DAY = date(2026, 11, 22)
bodies = st.text(ALPHABET, min_size=1, max_size=30)


@given(bodies, st.data())
def test_every_single_wrong_character_is_noticed(body: str, data: st.DataObject) -> None:
    number = body + check_character(body)
    assert is_checked(number)
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from([c for c in ALPHABET if c != number[place]]))
    assert not is_checked(number[:place] + wrong + number[place + 1 :])


@given(bodies)
def test_small_letters_count_as_capitals(body: str) -> None:
    number = body + check_character(body)
    assert is_checked(number.lower())


@pytest.mark.parametrize("text", ["", "A", "编号", "36-07", " "])
def test_what_is_no_number_is_not_checked(text: str) -> None:
    assert not is_checked(text)


@pytest.mark.django_db
class TestReservation:
    """Numbers from the database's sequence."""

    def test_a_number_tells_place_day_and_item(self) -> None:
        (number,) = reserve_case_numbers("360702000000", "a1", DAY)
        assert (len(number), number[:18]) == (26, "3607022026112200A1")
        assert is_checked(number)

    def test_a_process_takes_numbers_in_blocks(self, django_assert_num_queries) -> None:
        _block.forget()
        with django_assert_num_queries(1):
            numbers = [reserve_case_numbers("360702", "A123", DAY)[0] for _ in range(BLOCK)]
        assert len(set(numbers)) == BLOCK

    def test_many_are_reserved_in_one_statement_and_all_differ(self, django_assert_num_queries) -> None:
        with django_assert_num_queries(1):
            numbers = reserve_case_numbers("360702", "A123", DAY, 500)
        assert len(set(numbers)) == 500
        assert all(is_checked(number) for number in numbers)

    @pytest.mark.parametrize("count", [0, -1, 10_001])
    def test_an_absurd_count_is_refused(self, count: int) -> None:
        with pytest.raises(ValueError, match="10,000"):
            reserve_case_numbers("360702", "A123", DAY, count)

    def test_the_sequence_starts_again_without_growing_longer(self) -> None:
        _block.forget()
        with connection.cursor() as cursor:
            cursor.execute("select setval('kernel_case_number', %s)", [CYCLE + 41])
        (number,) = reserve_case_numbers("360702", "A123", DAY)
        assert len(number) == 26
        _block.forget()


@pytest.mark.django_db(transaction=True)
def test_numbers_reserved_at_once_by_many_never_meet() -> None:
    start, found = threading.Barrier(6), []

    def take() -> None:
        start.wait(10)
        for count in (1, 37, 200):
            found.extend(reserve_case_numbers("360702", "A123", DAY, count))
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(set(found)) == 6 * 238


def test_keys_are_unique_and_ordered_by_creation() -> None:
    keys = [new_id() for _ in range(2000)]
    assert keys == sorted(keys)
    assert len(set(keys)) == 2000
    assert keys[0].version == 7
