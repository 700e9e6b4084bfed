"""The writer among transactions that really commit: nothing is overtaken, nobody else is waited for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.audit import write
from shuzheng.engines.trust.ledger import sequencer
from shuzheng.engines.trust.ledger.verification import verify_ledger
from shuzheng.engines.trust.models import AuditRecord, Leaf, TreeHead
from shuzheng.kernel.audit import Entry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_audit")]
Act = Callable[..., Entry]
Tamper = Callable[..., None]


@contextmanager
def elsewhere(database: str = "") -> Iterator[psycopg.Connection]:
    """Open another connection, to this database or to another one of the same server."""
    given: dict[str, Any] = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}
    given.pop("context", None)
    with psycopg.connect(**{**given, "dbname": database or given["dbname"]}) as opened:
        yield opened


def in_order() -> list[str]:
    """Return the names of records in the order of the tree."""
    names = dict(AuditRecord.objects.values_list("id", "name"))
    return [names[record] for record in Leaf.objects.order_by("index").values_list("record", flat=True)]


def test_nothing_is_taken_past_a_transaction_that_may_still_commit(act: Act) -> None:
    early, go_on = threading.Event(), threading.Event()

    def slow_transaction() -> None:
        with transaction.atomic():
            write([act("slow")])
            early.set()
            go_on.wait(10)
        connection.close()

    other = threading.Thread(target=slow_transaction)
    other.start()
    assert early.wait(10)
    write([act("fast")])
    assert ledger.sequence() == 0
    go_on.set()
    other.join()
    assert ledger.sequence() == 2
    assert in_order() == ["slow", "fast"]


def test_a_transaction_of_another_database_holds_nobody_up(act: Act) -> None:
    with elsewhere("postgres") as foreign:
        foreign.execute("SELECT pg_current_xact_id()")
        write([act("here")])
        assert ledger.sequence() == 1


def test_a_transaction_here_that_has_not_written_yet_is_waited_for(act: Act) -> None:
    with elsewhere() as other:
        other.execute("SELECT pg_current_xact_id()")
        write([act("here")])
        assert ledger.sequence() == 0
        other.rollback()
    assert ledger.sequence() == 1


def test_a_transaction_whose_database_is_not_known_counts_as_ours(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencer, "_FOREIGN", "SELECT NULL WHERE false")
    with elsewhere("postgres") as foreign:
        foreign.execute("SELECT pg_current_xact_id()")
        write([act("here")])
        assert ledger.sequence() == 0


def test_a_second_writer_leaves_the_work_to_the_first(act: Act) -> None:
    write(act() for _ in range(3))
    result: list[int] = []

    def second() -> None:
        result.append(ledger.sequence())
        connection.close()

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sequencer.LOCK])
        other = threading.Thread(target=second)
        other.start()
        other.join(10)
    assert result == [0]
    assert ledger.sequence() == 3


def test_many_authors_and_writers_leave_one_sound_tree(act: Act) -> None:
    def work() -> None:
        for turn in range(10):
            write(act() for _ in range(3))
            with transaction.atomic():
                ledger.append("trial.entry", str(turn), {"turn": turn})
            ledger.sequence()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger.sequence()
    assert (verify_ledger().sound, verify_ledger().size) == (True, 160)


def test_a_backlog_is_taken_batch_by_batch_each_under_a_head(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencer, "BATCH", 4)
    write(act(str(n)) for n in range(11))
    assert ledger.sequence(limit=1) == 4
    assert ledger.sequence() == 7
    write(act(str(n)) for n in range(11, 19))
    assert ledger.sequence() == 8
    assert in_order() == [str(n) for n in range(19)]
    assert list(TreeHead.objects.order_by("size").values_list("size", flat=True)) == [4, 8, 11, 15, 19]
    assert verify_ledger().sound


def test_what_is_rolled_back_leaves_no_gap(act: Act) -> None:
    write([act("one")])
    with transaction.atomic():
        write([act("never")])
        transaction.set_rollback(True)
    write([act("two")])
    assert ledger.sequence() == 2
    assert in_order() == ["one", "two"]
    assert verify_ledger().sound


def test_a_large_backlog_from_another_cluster_is_taken_whole(
    act: Act, tamper: Tamper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencer, "BATCH", 3)
    write(act(f"old-{n}") for n in range(7))
    assert ledger.sequence(limit=1) == 3
    tamper("UPDATE trust_auditrecord SET xid = xid + 1000000")
    tamper("UPDATE trust_sequencer SET cluster = 7, xid = xid + 1000000")
    assert ledger.sequence() == 4
    write(act(f"new-{n}") for n in range(5))
    assert ledger.sequence() == 5
    assert (verify_ledger().sound, Leaf.objects.count()) == (True, 12)
