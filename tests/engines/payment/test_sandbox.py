"""The sandbox acquirer, over real HTTP: paying, faults, forged messages, daily files, a process killed in between."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from django.test import Client

from shuzheng.engines.payment import gateways, jobs, paying, reconciling
from shuzheng.engines.payment.actions.bills import CancelBill
from shuzheng.engines.payment.actions.reconciling import KeepStatement, MatchStatement, ResolveDiscrepancy
from shuzheng.engines.payment.actions.refunds import DecideRefund, RequestRefund
from shuzheng.engines.payment.errors import AlreadySettled, CannotResolve, ChannelDown, ChannelRefused
from shuzheng.engines.payment.gateways.sandbox import SandboxChannel, sign
from shuzheng.engines.payment.models import Bill, Discrepancy, Order, Refund, Statement
from shuzheng.engines.payment.policies import APPROVE_REFUND, RECONCILE, REQUEST_REFUND
from shuzheng.engines.payment.queries import balance, discrepancies, statements, trial_balance
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.moment import at, now, today
from shuzheng.sandbox.acquirer import Acquirer
from tests.engines.payment.conftest import PLATFORM, clerk, raise_bill

SECRET = "a secret of tests, longer than a block of SM3, as the one that an installation makes for itself"
PATIENCE = 10.0


@pytest.fixture
def acquirer(tmp_path: Path, settings: Any) -> Iterator[Acquirer]:
    """Run an acquirer in threads, and use it."""
    running = Acquirer(tmp_path, SECRET, port=0).start()
    use(settings, running.address)
    yield running
    running.stop()


def use(settings: Any, address: str) -> None:
    """Make an acquirer the only channel."""
    settings.SANDBOX_ACQUIRER, settings.SANDBOX_SECRET = address, SECRET
    settings.PAYMENT_CHANNELS, settings.PAYMENT_TIMEOUT = ["sandbox"], 2
    gateways._load.cache_clear()


def until(true: Callable[[], Any]) -> Any:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = true()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def pay_on_page(order: Order) -> int:
    """Pay as a person does, on the acquirer's page."""
    place = urlsplit(order.pay_url)
    connection = HTTPConnection(place.netloc, timeout=5)
    body = urlencode({"do": "pay", "at": now().isoformat()})
    connection.request("POST", place.path, body, {"Content-Type": "application/x-www-form-urlencoded"})
    status = connection.getresponse().status
    connection.close()
    return status


def ordered(payer: Actor) -> Order:
    """Return an order of a new bill."""
    return paying.start(payer, raise_bill(payer).pk, "sandbox")


def settled(order: Order) -> Order:
    """Pay an order and hear of it by asking."""
    assert pay_on_page(order) == 303
    Order.objects.filter(pk=order.pk).update(asked_at=None)
    order.refresh_from_db()
    return paying.ask(order)


def test_the_pay_page_says_that_it_is_a_demonstration(payer: Actor, acquirer: Acquirer) -> None:
    order = ordered(payer)
    page = requests.get(order.pay_url, timeout=5).content.decode()
    assert "演示收单机构" in page
    assert "¥110.00" in page
    assert requests.get(acquirer.address + "/pay/nothing", timeout=5).status_code == 404


def test_the_acquirer_notifies_with_a_signature_and_again_until_taken(
    payer: Actor, acquirer: Acquirer, client: Client, settings: Any
) -> None:
    heard: list[tuple[dict[str, str], bytes]] = []
    acquirer.store.set_faults({"notify_twice": True})
    listener = _listen(heard)
    settings.PAYMENT_ADDRESS = listener.address
    order = ordered(payer)
    assert pay_on_page(order) == 303
    until(lambda: len(heard) >= 2)
    listener.stop()
    for headers, body in heard[:2]:
        named = {
            f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items() if name.startswith("X-")
        }
        answer = client.post("/payment/notify/sandbox", body, content_type="application/json", **named)  # type: ignore[arg-type] - headers
        assert (answer.status_code, answer.content) == (200, b"SUCCESS")
        forged = client.post(
            "/payment/notify/sandbox", body.replace(b"11000", b"11001"), content_type="application/json", **named
        )  # type: ignore[arg-type] - headers
        assert forged.status_code == 403
    order.refresh_from_db()
    assert (order.state, order.settles) == (Order.State.RECEIVED, True)
    assert balance("clearing:sandbox") == 110_00


class _listen:  # noqa: N801 - reads like a verb
    """A merchant that keeps what it hears."""

    def __init__(self, heard: list[tuple[dict[str, str], bytes]]) -> None:
        import threading
        from http.server import BaseHTTPRequestHandler, HTTPServer

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                heard.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"SUCCESS")

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()


def test_nobody_without_the_key_gives_the_acquirer_orders(acquirer: Acquirer) -> None:
    stamp = str(int(time.time()))
    headers = {"X-Sandbox-Timestamp": stamp, "X-Sandbox-Signature": "0" * 64}
    assert requests.get(f"{acquirer.address}/api/orders/P1", headers=headers, timeout=5).status_code == 401
    good = {"X-Sandbox-Timestamp": stamp, "X-Sandbox-Signature": sign(stamp, "GET /api/orders/P1", b"")}
    assert requests.get(f"{acquirer.address}/api/orders/P1", headers=good, timeout=5).json() == {"state": "unknown"}
    old = str(int(time.time()) - 1000)
    stale = {"X-Sandbox-Timestamp": old, "X-Sandbox-Signature": sign(old, "GET /api/orders/P1", b"")}
    assert requests.get(f"{acquirer.address}/api/orders/P1", headers=stale, timeout=5).status_code == 401


def test_an_acquirer_that_hangs_costs_a_bounded_time_and_no_money(
    payer: Actor, acquirer: Acquirer, settings: Any
) -> None:
    settings.PAYMENT_TIMEOUT = 0.3
    acquirer.store.set_faults({"hang": 1.0})
    bill = raise_bill(payer)
    began = time.monotonic()
    with pytest.raises(ChannelDown):
        paying.start(payer, bill.pk, "sandbox")
    assert time.monotonic() - began < 1
    acquirer.store.set_faults({})
    assert paying.start(payer, bill.pk, "sandbox").pay_url
    assert Order.objects.count() == 1


def test_an_answer_lost_on_the_way_is_asked_for_again(payer: Actor, acquirer: Acquirer) -> None:
    bill = raise_bill(payer)
    acquirer.store.set_faults({"lose_answer": True})
    with pytest.raises(ChannelDown):
        paying.start(payer, bill.pk, "sandbox")
    acquirer.store.set_faults({})
    order = paying.start(payer, bill.pk, "sandbox")
    assert len(acquirer.store.rows("SELECT * FROM orders")) == 1
    assert settled(order).state == Order.State.RECEIVED


def test_closing_and_paying_exclude_each_other(payer: Actor, acquirer: Acquirer) -> None:
    one, two = ordered(payer), ordered(payer)
    paying.close(one)
    assert pay_on_page(one) == 409
    assert pay_on_page(two) == 303
    CancelBill.do(PLATFORM, bill_id=two.bill_id, reason="撤回")
    jobs.settle_orders({"subject": str(two.bill_id)})
    assert Refund.objects.get().reason == Refund.Reason.LATE
    with at(now() + timedelta(minutes=31)):
        assert pay_on_page(ordered(payer)) == 303


def test_a_refund_is_made_once(payer: Actor, acquirer: Acquirer) -> None:
    order = settled(ordered(payer))
    refund = RequestRefund.do(clerk("申请员", REQUEST_REFUND), bill_id=order.bill_id, reason="overpaid", amount=60_00)
    DecideRefund.do(clerk("审批员", APPROVE_REFUND), refund_id=refund.pk, approved=True)
    acquirer.store.set_faults({"lose_answer": True})
    with pytest.raises(ChannelDown):
        jobs.send_refund({"subject": str(refund.pk)})
    acquirer.store.set_faults({})
    jobs.chase()
    refund.refresh_from_db()
    assert refund.state == Refund.State.DONE
    gateway = SandboxChannel()
    refund.number, refund.amount = "R-another", 50_01
    with pytest.raises(ChannelRefused, match="可退金额"):
        gateway.refund(refund)


def test_killed_between_pay_and_notification_the_acquirer_still_tells(
    payer: Actor, tmp_path: Path, settings: Any
) -> None:
    program = _start(tmp_path)
    try:
        use(settings, program.address)
        heard: list[tuple[dict[str, str], bytes]] = []
        listener = _listen(heard)
        settings.PAYMENT_ADDRESS = listener.address
        SandboxChannel()._call("POST", "/api/faults", notify_late=1.0)
        order = ordered(payer)
        assert pay_on_page(order) == 303
        program.kill()
        assert not heard
        again = _start(tmp_path, port=program.port)
        until(lambda: heard)
        again.kill()
        listener.stop()
        assert json.loads(heard[0][1])["number"] == order.number
    finally:
        program.kill()


class _start:  # noqa: N801 - reads like a verb
    """The acquirer as a process of its own."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        command = [sys.executable, "-c", _PROGRAM, str(folder), SECRET, str(port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        self.port = urlsplit(self.address).port or 0

    def kill(self) -> None:
        """Kill it hard."""
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


_PROGRAM = """
import sys, threading
from pathlib import Path
from shuzheng.sandbox.acquirer import Acquirer
acquirer = Acquirer(Path(sys.argv[1]), sys.argv[2], port=int(sys.argv[3])).start()
print(acquirer.address, flush=True)
threading.Event().wait()
"""


# -- reconciliation ----------------------------------------------------------------------------------------------


def test_a_day_that_agrees_is_settled_by_unit(payer: Actor, acquirer: Acquirer) -> None:
    order = settled(ordered(payer))
    for _time in range(2):
        statement = reconciling.reconcile("sandbox", today())
    assert (statement.state, statement.lines, statement.matched) == (Statement.State.MATCHED, 1, 1)
    assert balance("clearing:sandbox") == 0
    for line in order.bill.lines.all():
        assert balance(f"fiscal:{line.unit_code}") == line.amount
    assert sum(row.balance for row in trial_balance(today())) == 0


def test_every_injected_discrepancy_is_found_held_and_comes_right(payer: Actor, acquirer: Acquirer) -> None:
    orders = [settled(ordered(payer)) for _ in range(6)]
    fine, missing, doubled, altered, closed, mangled = (order.number for order in orders)
    unknown = {"number": "X1", "trade_number": "U1", "amount": 5_00}
    file = {"missing": [missing], "doubled": [doubled], "amounts": {altered: 110_07}, "states": {closed: "closed"}}
    file |= {"mangled": [mangled], "extra": [unknown]}
    acquirer.store.set_faults({"file": file})
    for _time in range(2):
        statement = reconciling.reconcile("sandbox", today())
    found = {(d.kind, d.number): d.difference for d in discrepancies(statement)}
    bad = next(number for kind, number in found if kind == "unreadable")
    assert found == {
        ("short", missing): -110_00,
        ("duplicate", doubled): 110_00,
        ("amount", altered): 7,
        ("state", closed): -110_00,
        ("short", mangled): -110_00,
        ("unreadable", bad): 0,
        ("long", "X1"): 5_00,
    }
    assert statement.state == Statement.State.DIFFERENT
    assert (balance("short:sandbox"), balance("long:sandbox")) == (330_00, -115_07)
    assert balance("clearing:sandbox") == 0
    assert fine in Order.objects.filter(statement=statement).values_list("number", flat=True)
    acquirer.store.set_faults({})  # the acquirer puts its file right
    statement = reconciling.reconcile("sandbox", today())
    assert statement.state == Statement.State.MATCHED
    assert set(statement.discrepancies.values_list("state", flat=True)) == {Discrepancy.State.MATCHED}
    assert (balance("short:sandbox"), balance("long:sandbox"), balance("clearing:sandbox")) == (0, 0, 0)
    assert balance("fiscal:suspense") == 0


def test_what_comes_a_day_late_is_matched_by_itself(payer: Actor, acquirer: Acquirer) -> None:
    order = settled(ordered(payer))
    acquirer.store.set_faults({"file": {"missing": [order.number]}})
    first = reconciling.reconcile("sandbox", today())
    assert first.discrepancies.get().kind == Discrepancy.Kind.SHORT
    extra = {"number": order.number, "trade_number": order.trade_number, "amount": order.amount}
    acquirer.store.set_faults({"file": {"missing": [order.number], "extra": [extra]}})
    with at(now() + timedelta(days=1)):
        second = reconciling.reconcile("sandbox", today())
        assert reconciling.reconcile("sandbox", today()).state == Statement.State.MATCHED
    assert second.state == Statement.State.MATCHED
    assert first.discrepancies.get().state == Discrepancy.State.MATCHED
    assert (balance("short:sandbox"), balance("clearing:sandbox")) == (0, 0)
    assert [s.open for s in statements().items] == [0, 0]  # type: ignore[attr-defined] - annotated


def test_a_payment_of_which_only_the_file_told_is_caught_up(payer: Actor, acquirer: Acquirer) -> None:
    acquirer.store.set_faults({"silent": True})
    order = ordered(payer)
    assert pay_on_page(order) == 303
    assert reconciling.reconcile("sandbox", today()).state == Statement.State.MATCHED
    assert Bill.objects.get().state == Bill.State.PAID


@pytest.mark.parametrize(
    ("fault", "state"), [("garbage", "unreadable"), ("truncated", "unreadable"), ("absent", "waiting")]
)
def test_a_file_that_cannot_be_read_books_nothing(payer: Actor, acquirer: Acquirer, fault: str, state: str) -> None:
    settled(ordered(payer))
    acquirer.store.set_faults({"file": {fault: True}})
    statement = reconciling.reconcile("sandbox", today())
    assert (statement.state, bool(statement.trouble)) == (state, True)
    assert not Discrepancy.objects.exists()
    acquirer.store.set_faults({})
    jobs.reconcile(day=today().isoformat())
    statement.refresh_from_db()
    assert statement.state == Statement.State.MATCHED


def test_an_acquirer_that_is_down_leaves_the_day_waiting(payer: Actor, acquirer: Acquirer, settings: Any) -> None:
    settings.SANDBOX_ACQUIRER = "http://127.0.0.1:9"
    assert reconciling.reconcile("sandbox", today()).state == Statement.State.WAITING


def test_a_person_settles_what_nobody_can_match(payer: Actor, acquirer: Acquirer) -> None:
    order = settled(ordered(payer))
    acquirer.store.set_faults(
        {"file": {"missing": [order.number], "extra": [{"number": "X1", "trade_number": "U1", "amount": 5_00}]}}
    )
    statement = reconciling.reconcile("sandbox", today())
    short, long = statement.discrepancies.order_by("-kind")
    bookkeeper = clerk("对账员", RECONCILE, scope="")
    given = {"discrepancy_id": long.pk, "note": "渠道来函更正"}
    with pytest.raises(NotPermitted):
        ResolveDiscrepancy.do(PLATFORM, **given, resolution="acquirer")
    with pytest.raises(CannotResolve):
        ResolveDiscrepancy.do(bookkeeper, **given, resolution="received")  # no order of ours
    ResolveDiscrepancy.do(bookkeeper, **given, resolution="acquirer")
    with pytest.raises(AlreadySettled):
        ResolveDiscrepancy.do(bookkeeper, **given, resolution="absorb")
    with pytest.raises(CannotResolve):
        ResolveDiscrepancy.do(bookkeeper, discrepancy_id=short.pk, note="退给谁呢", resolution="return")
    ResolveDiscrepancy.do(bookkeeper, discrepancy_id=short.pk, note="渠道次日补划", resolution="acquirer")
    statement.refresh_from_db()
    assert statement.state == Statement.State.MATCHED
    assert [balance(a) for a in ("long:sandbox", "short:sandbox", "clearing:sandbox")] == [0, 0, 0]
    assert balance("fiscal:suspense") == 110_00
    acquirer.store.set_faults({})
    again = reconciling.reconcile("sandbox", today())  # the line turns up after all: nothing is settled twice
    assert again.state == Statement.State.MATCHED
    assert balance("clearing:sandbox") == 0


def test_only_who_reconciles_keeps_and_matches_files(payer: Actor, acquirer: Acquirer) -> None:
    with pytest.raises(NotPermitted):
        KeepStatement.do(payer, channel="sandbox", day=today(), state="waiting")
    with pytest.raises(NotPermitted):
        MatchStatement.do(payer, statement_id=payer.account_id, lines=[])
