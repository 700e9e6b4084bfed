"""Faults made real: killed processes, a database that goes away, lines that drop between a question and its answer."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuzheng.engines.identity.models import Person
from shuzheng.engines.messaging import jobs
from shuzheng.engines.messaging.actions import RecordOutcomes, RecordReceipts
from shuzheng.engines.messaging.actions.deliveries import back_off
from shuzheng.engines.messaging.counting import reserve
from shuzheng.engines.messaging.gateways import Notice, gateway
from shuzheng.engines.messaging.gateways.outgoing import post
from shuzheng.engines.messaging.models import (
    Budget,
    Bulk,
    BulkRecipient,
    ContactAddress,
    Delivery,
    Message,
    QuietHours,
    Tally,
)
from shuzheng.engines.messaging.models.delivery import PAUSE, DeliveryStatus
from shuzheng.kernel.calling import LARGEST
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now
from tests.engines.messaging.conftest import SYSTEM
from tests.engines.messaging.smsc import Centre, start, until

PEOPLE, SIZE = 23, 5


# -- bulks: real processes on the real database -----------------------------------------------------------------


@pytest.fixture
def bulk(transactional_db: None) -> Bulk:
    """A running bulk for some people who are told by SMS as well."""
    people = [
        Person(name=f"居民{number}", id_number=f"3607021940010{number:05d}", synthetic=True) for number in range(PEOPLE)
    ]
    Person.objects.bulk_create(people)
    ContactAddress.objects.bulk_create(
        [ContactAddress(owner=p.pk, channel="sms", address="13812345678") for p in people]
    )
    QuietHours.objects.bulk_create([QuietHours(owner=p.pk, kept=False) for p in people])
    values = {"title": "高龄津贴", "number": "1"}
    made = Bulk.objects.create(
        title="通知",
        template="document-served",
        values=values,
        audience="list",
        status=Bulk.Status.RUNNING,
        total=PEOPLE,
    )
    BulkRecipient.objects.bulk_create([BulkRecipient(bulk=made, person_id=p.pk) for p in people])
    return made


def worker(bulk: Bulk, pause: float) -> subprocess.Popen[str]:
    """Start a process that sends the bulk, on the database of this test."""
    given = connection.settings_dict
    place = f"host={given['HOST']}&port={given['PORT'] or 5432}" if str(given["HOST"]).startswith("/") else ""
    host = "" if place else f"{given['HOST']}:{given['PORT'] or 5432}"
    secret = f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else ""
    address = f"postgresql://{quote(given['USER'])}{secret}@{host}/{given['NAME']}?{place}"
    environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
    command = [sys.executable, "-m", "tests.engines.messaging.bulk_process", str(bulk.pk), str(SIZE), str(pause)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def everybody_once(bulk: Bulk) -> None:
    bulk.refresh_from_db()
    assert (bulk.status, bulk.sent, bulk.notices) == (Bulk.Status.DONE, PEOPLE, PEOPLE)
    assert Message.objects.count() == Delivery.objects.count() == PEOPLE
    assert Message.objects.values("recipient_person").distinct().count() == PEOPLE
    assert set(Delivery.objects.values_list("bulk_id", flat=True)) == {bulk.pk}


def test_a_worker_killed_in_the_middle_of_a_batch_leaves_nobody_out_and_tells_nobody_twice(bulk: Bulk) -> None:
    with worker(bulk, pause=0.3) as first:
        assert first.stdout
        for _batch in range(3):
            assert first.stdout.readline() == "batch\n"
        first.send_signal(signal.SIGKILL)
        assert first.wait(10) == -signal.SIGKILL
    until(lambda: not _backends_in_transaction())
    assert Message.objects.count() == 2 * SIZE, "what was in hand is taken back as a whole"
    with worker(bulk, pause=0) as second:
        assert second.wait(60) == 0
    everybody_once(bulk)


def test_a_bulk_outlives_the_loss_of_its_connections(bulk: Bulk) -> None:
    with worker(bulk, pause=0.3) as process:
        assert process.stdout
        for _batch in range(2):
            assert process.stdout.readline() == "batch\n"
        _cut_connections()
        assert process.stdout.readline().startswith("outage ")
        assert process.wait(60) == 0
    everybody_once(bulk)


def _backends_in_transaction() -> list[Any]:
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pid FROM pg_stat_activity WHERE {others} AND xact_start IS NOT NULL")
        return cursor.fetchall()


def _cut_connections() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


# -- mail ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def dying_server(settings: Any) -> Iterator[list[str]]:
    """A mail server that dies in the middle of the first mail's text, and the lines that it was told."""
    told: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            line, _address = listening.accept()
            with line, line.makefile("rb") as lines:
                line.sendall(b"220 ready\r\n")
                for command in lines:
                    told.append(command.decode().strip())
                    if command.upper().startswith(b"DATA"):
                        line.sendall(b"354 go on\r\n")
                        lines.readline()
                        return  # the power fails
                    line.sendall(b"250 OK\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = listening.getsockname()
        settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 2
        yield told
        thread.join(5)


def test_a_mail_server_that_dies_in_the_middle_of_a_mail_means_later_for_all(dying_server: list[str]) -> None:
    notices = [Notice(new_id(), f"{name}@example.cn", "标题", "内容") for name in "ab"]
    outcomes = gateway("email").send(notices)
    assert [outcome.state for outcome in outcomes] == ["retry", "retry"]
    assert any(command.upper().startswith("DATA") for command in dying_server)


# -- text messages ------------------------------------------------------------------------------------------------


@pytest.fixture
def centre(tmp_path: Any, settings: Any, db: None) -> Iterator[Centre]:
    """A centre in a process of its own."""
    running = start(tmp_path)
    settings.SMS_TIMEOUT = 0.5
    yield running
    running.stop()


def a_text() -> Delivery:
    return Delivery.objects.create(channel="sms", to="13812345678", title="t", text="t")


def test_a_line_dropped_between_submit_and_answer_is_tried_again_and_the_lost_answers_receipt_harms_nothing(
    centre: Centre, settings: Any
) -> None:
    settings.SMS_PROVIDERS = [centre.cmpp_url]
    centre.fault("cmpp", mode="drop")
    a_text()
    jobs.drain()
    waiting = Delivery.objects.get()
    assert (waiting.status, waiting.attempts) == (DeliveryStatus.PENDING, 1)
    assert len(centre.taken()) == 1, "the operator has it all the same"
    centre.heal()
    Delivery.objects.update(due_at=now())
    jobs.try_again(0)
    sent = Delivery.objects.get()
    assert sent.status == DeliveryStatus.SENT
    jobs.collect_receipts(0)
    assert Delivery.objects.get().status == DeliveryStatus.DELIVERED
    taken = {row["id"]: row["acknowledged"] for row in centre.taken()}
    assert sorted(taken.values()) == [0, 1], "nobody confirms a receipt of something unknown"


def test_a_provider_that_takes_a_text_and_is_gone_recognises_the_repetition(centre: Centre, settings: Any) -> None:
    settings.SMS_PROVIDERS = [centre.http_url]
    centre.fault("http", mode="drop")
    a_text()
    jobs.drain()
    assert Delivery.objects.get().status == DeliveryStatus.PENDING
    centre.heal()
    Delivery.objects.update(due_at=now())
    jobs.try_again(0)
    assert Delivery.objects.get().status == DeliveryStatus.SENT
    assert len(centre.taken()) == 1, "the phone rang once"


def test_a_receipt_before_our_own_note_counts_as_sent_and_arrived_once(db: None) -> None:
    delivery = a_text()
    receipt = {"reference": str(delivery.pk), "delivered": True, "at": now()}
    RecordReceipts.do(SYSTEM, provider="cloud", receipts=[receipt, receipt])
    RecordOutcomes.do(SYSTEM, outcomes=[{"delivery_id": delivery.pk, "state": "sent", "provider": "cloud"}])
    late = {**receipt, "delivered": False, "reason": "EXPIRED"}
    RecordReceipts.do(SYSTEM, provider="cloud", receipts=[late])
    delivery.refresh_from_db()
    assert (delivery.status, delivery.provider) == (DeliveryStatus.DELIVERED, "cloud")
    tally = Tally.objects.get(channel="sms")
    assert (tally.sent, tally.delivered, tally.failed) == (1, 1, 0)


# -- systems that are told ----------------------------------------------------------------------------------------


def test_ten_megabytes_of_an_answer_are_not_read() -> None:
    sent: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            line, _address = listening.accept()
            with line, suppress(OSError):
                line.recv(65536)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n")
                sent.extend(line.send(b"x" * 65536) for _part in range(160))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        host, port = listening.getsockname()
        answer = post(f"http://{host}:{port}/", b"{}", {}, timeout=5, trusted=True)
        thread.join(10)
    assert (answer.status, len(answer.body)) == (200, LARGEST)
    assert sum(sent) < 10 * 1024 * 1024


# -- what steers sending ------------------------------------------------------------------------------------------


def test_an_allowance_is_read_from_one_row_and_never_counted_over_history(db: None) -> None:
    Budget.objects.create(department="water", channel="sms", daily=100)
    Tally.objects.bulk_create(
        [
            Tally(day=f"2025-{month:02d}-{day:02d}", department="water", channel="sms")
            for month in range(1, 13)
            for day in range(1, 28)
        ]
    )
    with CaptureQueriesContext(connection) as asked:
        reserve("water", "sms", 10)
    statements = " ".join(query["sql"] for query in asked.captured_queries)
    assert len(asked) <= 4
    assert "COUNT(" not in statements.upper()
    assert "messaging_delivery" not in statements
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT * FROM messaging_tally WHERE day = '2025-05-05' AND department = 'water' AND channel = 'sms'"
        )
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "messaging_one_tally" in plan


def test_what_failed_together_does_not_come_back_together() -> None:
    for attempts in (1, 2, 5):
        waits = [back_off(new_id(), attempts) / (PAUSE * 2 ** (attempts - 1)) for _one in range(200)]
        assert min(waits) >= 0.8
        assert max(waits) <= 1.2
        assert len({round(wait, 2) for wait in waits}) > 20
    same = new_id()
    assert back_off(same, 3) == back_off(same, 3)
