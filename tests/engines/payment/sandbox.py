"""Talking to a sandbox acquirer that runs beside the tests."""

from __future__ import annotations

import time
from collections.abc import Callable
from http.client import HTTPConnection
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
