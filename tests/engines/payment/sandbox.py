"""Talking to a sandbox acquirer that runs beside the tests."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from shuzheng.engines.payment import gateways, paying
from shuzheng.engines.payment.models import Order
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now
from tests.engines.payment.conftest import raise_bill

SECRET = "a secret of tests, longer than a block of SM3, as the one that an installation makes for itself"
PATIENCE = 10.0


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


_PROGRAM = """
import sys, threading
from pathlib import Path
from shuzheng.sandbox.acquirer import Acquirer
acquirer = Acquirer(Path(sys.argv[1]), sys.argv[2], port=int(sys.argv[3])).start()
print(acquirer.address, flush=True)
threading.Event().wait()
"""


class Program:
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
