"""The sandbox acquirer, over real HTTP: paying, faults, forged messages, daily files, a process killed in between."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from django.test import Client

from shuzheng.engines.payment import jobs, paying
from shuzheng.engines.payment.actions.bills import CancelBill
from shuzheng.engines.payment.actions.refund_requests import RequestRefund
from shuzheng.engines.payment.actions.refunds import DecideRefund
from shuzheng.engines.payment.errors import ChannelDown, ChannelRefused
from shuzheng.engines.payment.gateways.sandbox import SandboxChannel, sign
from shuzheng.engines.payment.models import Order, Refund
from shuzheng.engines.payment.policies import APPROVE_REFUND, REQUEST_REFUND
from shuzheng.engines.payment.queries import balance
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import at, now
from shuzheng.sandbox.acquirer import Acquirer
from tests.engines.payment.conftest import PLATFORM, clerk, raise_bill
from tests.engines.payment.sandbox import Program, ordered, pay_on_page, settled, until, use


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
        answer = client.post("/payment/notify/sandbox", body, content_type="application/json", **named)
        assert (answer.status_code, answer.content) == (200, b"SUCCESS")
        forged = client.post(
            "/payment/notify/sandbox", body.replace(b"11000", b"11001"), content_type="application/json", **named
        )
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
    program = Program(tmp_path)
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
        again = Program(tmp_path, port=program.port)
        until(lambda: heard)
        again.kill()
        listener.stop()
        assert json.loads(heard[0][1])["number"] == order.number
    finally:
        program.kill()
