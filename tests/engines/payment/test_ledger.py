"""The ledger balances, whoever writes, and is never changed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from shuzheng.engines.payment.ledger import Amount, book, credit, debit
from shuzheng.engines.payment.models import LedgerAccount, Posting
from shuzheng.engines.payment.money import MOST, capitals, fen, yuan
from shuzheng.engines.payment.queries import balance, trial_balance
from shuzheng.kernel.moment import today

pytestmark = pytest.mark.django_db


def check_now() -> None:
    """Let the deferred constraints speak, as they do at the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@transaction.atomic
def commit(act: Callable[[], object]) -> None:
    """Do something and commit it, as far as the constraints are concerned."""
    act()
    check_now()


def test_an_entry_that_balances_is_kept_once_under_its_key() -> None:
    amounts = [debit("clearing:memory", 500), credit("due:1", 300), credit("due:2", 200)]
    first = book("a", "收款", amounts)
    assert first is not None
    assert book("a", "收款", amounts) is None
    check_now()
    assert balance("clearing:memory") == 500
    assert balance("due:1") + balance("due:2") == -500
    assert sum(row.balance for row in trial_balance(today())) == 0


@pytest.mark.parametrize(
    "amounts",
    [
        [debit("clearing:memory", 500), credit("due:1", 499)],
        [debit("clearing:memory", 500)],
        [debit("clearing:memory", 500), debit("due:1", 500)],
    ],
)
def test_the_database_refuses_what_does_not_balance(amounts: list[Amount]) -> None:
    with pytest.raises(IntegrityError, match="does not balance"):
        commit(lambda: book("a", "错账", amounts))


def test_nothing_can_be_added_to_an_entry_later() -> None:
    entry = book("a", "收款", [debit("clearing:memory", 5), credit("due:1", 5)])
    check_now()
    later = [
        Posting(entry=entry, account_id=account, day=today(), amount=amount)
        for account, amount in (("due:1", 3), ("clearing:memory", -3))
    ]
    with pytest.raises(IntegrityError, match="does not balance"):
        commit(lambda: Posting.objects.bulk_create(later))


@pytest.mark.parametrize("table", ["payment_journalentry", "payment_posting"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET day = day", "DELETE FROM {}"])
def test_what_is_booked_stays_booked(table: str, verb: str) -> None:
    book("a", "收款", [debit("clearing:memory", 5), credit("due:1", 5)])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))  # as somebody with a console would


def test_what_comes_to_nothing_is_not_booked() -> None:
    assert book("a", "无", [debit("clearing:memory", 5), credit("clearing:memory", 5)]) is None
    assert not LedgerAccount.objects.exists()


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "人民币零元整"),
        (5, "人民币伍分"),
        (50, "人民币伍角整"),
        (100, "人民币壹元整"),
        (1_000, "人民币壹拾元整"),
        (1_010, "人民币壹拾元壹角整"),
        (32_504, "人民币叁佰贰拾伍元零肆分"),
        (140_950, "人民币壹仟肆佰零玖元伍角整"),
        (600_714, "人民币陆仟零柒元壹角肆分"),
        (168_032, "人民币壹仟陆佰捌拾元叁角贰分"),
        (10_700_053, "人民币壹拾万柒仟元伍角叁分"),
        (1_640_902, "人民币壹万陆仟肆佰零玖元零贰分"),
        (10_000_000_500, "人民币壹亿零伍元整"),
        (1_000_100_000_000, "人民币壹佰亿零壹佰万元整"),
        (-110_00, "负人民币壹佰壹拾元整"),
    ],
)
def test_capitals_are_written_as_on_bills(amount: int, words: str) -> None:
    assert capitals(amount) == words


VALUES = dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True))
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def read_capitals(text: str) -> int:
    """Read capitals back, by a way of its own."""
    total = section = digit = 0
    for character in text.removeprefix("人民币").removesuffix("整"):
        if character in VALUES:
            digit = VALUES[character]
        elif character in UNITS:
            section, digit = section + digit * UNITS[character], 0
        elif character in "万亿元":
            factor = {"万": 10_000, "亿": 10**8, "元": 1}[character]
            total, section, digit = total + (section + digit) * factor * 100, 0, 0
        else:
            total, digit = total + digit * {"角": 10, "分": 1}[character], 0
    return total


@given(st.integers(0, MOST))
def test_capitals_say_the_amount_and_no_other(amount: int) -> None:
    text = capitals(amount)
    assert read_capitals(text) == amount
    assert "零零" not in text


@given(st.integers(-(10**12), 10**12))
def test_yuan_and_fen_are_each_others_inverse(amount: int) -> None:
    assert fen(Decimal(yuan(amount).replace(",", ""))) == amount


def test_beyond_the_largest_amount_nothing_is_written() -> None:
    with pytest.raises(ValueError, match=str(MOST + 1)):
        capitals(MOST + 1)
