"""Real processes at their worst moments: killed, doubled, cut off from the database. Nothing is lost, nothing doubled."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test import Client

from shuzheng.engines.payment import jobs, paying
from shuzheng.engines.payment.actions.refund_requests import RequestRefund
from shuzheng.engines.payment.actions.refunds import DecideRefund
from shuzheng.engines.payment.errors import ChannelDown
from shuzheng.engines.payment.gateways.sandbox import SandboxChannel, sign
from shuzheng.engines.payment.models import Bill, JournalEntry, Order, Receipt, Refund
from shuzheng.engines.payment.policies import APPROVE_REFUND, REQUEST_REFUND
from shuzheng.engines.payment.queries import balance, trial_balance
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import at, now, today
from shuzheng.sandbox.acquirer import Acquirer
from shuzheng.testing.payment import MemoryChannel
from tests.engines.payment.conftest import clerk, raise_bill
from tests.engines.payment.sandbox import Program, ordered, settled, until, use

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]
#: A worker that keeps what a channel told of an order; it says when it stands before the commit, and may stop there.
WORKER = """
import sys, time
import django
django.setup()
from shuzheng.engines.payment import paying
from shuzheng.engines.payment.gateways import Notice, OrderReport
from shuzheng.kernel.moment import now
from shuzheng.kernel.unit import UnitOfWork
number, amount, stop = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "stop"
real = UnitOfWork.flush
def flush(unit):
    real(unit)
    if stop:
        print("stopped", flush=True)
        time.sleep(600)
UnitOfWork.flush = flush
print("ready", flush=True)
sys.stdin.readline()
try:
    paying.take("memory", Notice("order", number, order=OrderReport("paid", "T" + number, amount, now())))
    print("done", flush=True)
except Exception as problem:
    print(type(problem).__name__, flush=True)
"""


def address() -> str:
    """Return the URL of the test's database."""
    given: dict[str, Any] = connection.get_connection_params()
    user = f"{quote(given.get('user') or '')}@" if given.get("user") else ""
    host, port = quote(str(given.get("host") or ""), safe=""), given.get("port") or 5432
    return f"postgresql://{user}/{given['dbname']}?host={host}&port={port}"


@contextmanager
def worker(home: Any, order: Order, *, stop: bool = False) -> Iterator[subprocess.Popen[str]]:
    """Run a worker that is ready to be told to go; it is gone afterwards."""
    environment = {
        **os.environ,
        "DATABASE_URL": os.environ.get("DATABASE_URL") or address(),
        "DJANGO_SETTINGS_MODULE": "shuzheng.settings.test",
        "SHUZHENG_HOME": str(home),
        "PYTHONPATH": str(ROOT / "src"),
    }
    command = [sys.executable, "-W", "ignore", "-c", WORKER, order.number, str(order.amount), "stop" if stop else "go"]
    running = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert said(running) == "ready"
        yield running
    finally:
        running.kill()
        running.communicate()


def said(running: subprocess.Popen[str]) -> str:
    """Return the next line of a worker."""
    assert running.stdout is not None
    return running.stdout.readline().strip()


def go(running: subprocess.Popen[str]) -> None:
    """Let a worker go on."""
    assert running.stdin is not None
    running.stdin.write("go\n")
    running.stdin.flush()


def booked_once(order: Order) -> bool:
    """Say whether the money of an order is in the books, once, with receipt and event."""
    counts = (JournalEntry.objects.count(), Receipt.objects.count())
    told = EventRecord.objects.filter(type="payment.bill_paid").count()
    return (*counts, told, balance("clearing:memory")) == (1, 1, 1, order.amount)


@pytest.fixture
def order(payer: Actor, memory: MemoryChannel) -> Order:
    """Return an order that its payer has paid, of which we have not heard."""
    opened = paying.start(payer, raise_bill(payer).pk, "memory")
    memory.pay(opened.number)
    return opened


def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(
    order: Order, memory: MemoryChannel, settings: Any, client: Client
) -> None:
    with worker(settings.HOME, order, stop=True) as running:
        go(running)
        assert said(running) == "stopped"  # everything is written, nothing is committed
        running.kill()
        running.wait()
    assert not JournalEntry.objects.exists()
    for _time in range(2):  # the acquirer was not acknowledged, and repeats
        body = memory.notice(order.number)
        assert client.post("/payment/notify/memory", body, content_type="application/json").status_code == 200
    assert booked_once(order)


def test_two_processes_are_told_of_the_same_payment_at_once(order: Order, settings: Any) -> None:
    with worker(settings.HOME, order) as one, worker(settings.HOME, order) as other:
        go(one)
        go(other)
        assert [said(one), said(other)] == ["done", "done"]
    assert booked_once(order)
    assert sum(row.balance for row in trial_balance(today())) == 0


def test_a_database_that_goes_away_in_the_middle_loses_nothing(order: Order, settings: Any) -> None:
    with worker(settings.HOME, order) as running:
        with transaction.atomic():
            Bill.objects.select_for_update().get(pk=order.bill_id)
            go(running)
            until(lambda: _cut_off_whoever_waits())
            assert said(running) == "OperationalError"
        assert not JournalEntry.objects.exists()
    with worker(settings.HOME, order) as again:
        go(again)
        assert said(again) == "done"
    assert booked_once(order)


def _cut_off_whoever_waits() -> int:
    """End the connections that wait for a lock of ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees the same activity again and again
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return len(cursor.fetchall())


def test_an_acquirer_killed_between_doing_and_answering_does_it_once(
    payer: Actor, tmp_path: Path, settings: Any
) -> None:
    bill = raise_bill(payer)
    program = Program(tmp_path)
    try:
        use(settings, program.address)
        SandboxChannel()._call("POST", "/api/faults", die=True)
        with pytest.raises(ChannelDown):
            paying.start(payer, bill.pk, "sandbox")
        program = _again(program, tmp_path)
        order = settled(paying.start(payer, bill.pk, "sandbox"))
        assert (Order.objects.count(), order.settles) == (1, True)
        asked = RequestRefund.do(clerk("收费员", REQUEST_REFUND), bill_id=bill.pk, amount=10_00, reason="overpaid")
        DecideRefund.do(clerk("财务", APPROVE_REFUND), refund_id=asked.pk, approved=True)
        SandboxChannel()._call("POST", "/api/faults", die=True)
        with pytest.raises(ChannelDown):
            jobs.send_refund({"subject": str(asked.pk)})
        program = _again(program, tmp_path)
        for _time in range(2):
            jobs.chase()
        assert Refund.objects.get().state == Refund.State.DONE
        assert balance("clearing:sandbox") == 100_00
    finally:
        program.kill()


def _again(program: Program, folder: Path) -> Program:
    """Start a program again that was killed, and let it behave."""
    program.process.wait(10)
    program.kill()
    started = Program(folder, port=program.port)
    SandboxChannel()._call("POST", "/api/faults")
    return started


def test_a_slow_refund_is_done_when_the_acquirer_says_so(payer: Actor, acquirer: Acquirer, client: Client) -> None:
    order = settled(ordered(payer))
    asked = RequestRefund.do(clerk("收费员", REQUEST_REFUND), bill_id=order.bill_id, amount=10_00, reason="overpaid")
    DecideRefund.do(clerk("财务", APPROVE_REFUND), refund_id=asked.pk, approved=True)
    acquirer.store.set_faults({"refund_slow": True, "notify_late": 600})
    for _time in range(3):
        jobs.chase()
    assert Refund.objects.get().state == Refund.State.APPROVED
    (notice,) = [n for n in acquirer.store.due_notices(time.time() + 601) if '"refund"' in n["body"]]
    assert notice["url"].endswith("/payment/notify/sandbox")
    for _time in range(2):
        assert _notify(client, notice["body"].encode()) == 200
    assert Refund.objects.get().state == Refund.State.DONE
    assert balance("clearing:sandbox") == 100_00


def _notify(client: Client, body: bytes, skew: int = 0) -> int:
    """Send a genuine notification by a clock that is wrong by some seconds, and return our status."""
    stamp = str(int(time.time()) + skew)
    headers = {"X-Sandbox-Timestamp": stamp, "X-Sandbox-Signature": sign(stamp, "NOTIFY", body)}
    return client.post("/payment/notify/sandbox", body, content_type="application/json", headers=headers).status_code


def test_clocks_may_differ_a_little_and_old_notifications_are_refused(
    payer: Actor, acquirer: Acquirer, client: Client
) -> None:
    acquirer.store.set_faults({"silent": True})
    order = ordered(payer)
    body = (
        f'{{"kind":"order","number":"{order.number}","state":"paid","trade_number":"T1","amount":{order.amount},'
        f'"at":"{now().isoformat()}"}}'
    ).encode()
    assert [_notify(client, body, skew) for skew in (-3600, 3600)] == [403, 403]
    assert not JournalEntry.objects.exists()
    assert [_notify(client, body, skew) for skew in (-120, 120)] == [200, 200]
    assert JournalEntry.objects.count() == 1
    with at(now() - timedelta(minutes=10)):  # our own clock was put back: what is booked stays booked
        assert _notify(client, body) == 200
    assert JournalEntry.objects.count() == 1
