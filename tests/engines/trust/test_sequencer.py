"""The sequencer among transactions that really commit: nothing is overtaken, nobody waits."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from shuzheng.engines.trust import sealing
from shuzheng.engines.trust.audit import write
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.engines.trust.sealing import seal_pending
from shuzheng.engines.trust.verification import verify_chain
from shuzheng.kernel.audit import Entry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_audit")]
Act = Callable[..., Entry]
Tamper = Callable[..., None]


def test_nothing_is_sealed_past_a_transaction_that_may_still_commit(act: Act) -> None:
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
    assert seal_pending() == 0
    go_on.set()
    other.join()
    assert seal_pending() == 2
    names = AuditRecord.objects.order_by("sequence_no").values_list("name", flat=True)
    assert list(names) == ["slow", "fast"]


def test_a_second_sequencer_leaves_the_work_to_the_first(act: Act) -> None:
    write(act() for _ in range(3))
    result: list[int] = []

    def second() -> None:
        result.append(seal_pending())
        connection.close()

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sealing._LOCK])
        other = threading.Thread(target=second)
        other.start()
        other.join(10)
    assert result == [0]
    assert seal_pending() == 3


def test_many_writers_and_sequencers_leave_one_sound_chain(act: Act) -> None:
    def work() -> None:
        for _ in range(10):
            write(act() for _ in range(3))
            seal_pending()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_pending()
    assert (verify_chain().sound, verify_chain().last) == (True, 120)


def test_records_restored_from_another_server_are_sealed_at_once(act: Act, tamper: Tamper) -> None:
    write([act("restored"), act("new")])
    tamper("UPDATE trust_auditrecord SET xid = xid + 1000000 WHERE name = 'restored'")
    assert seal_pending() == 2
