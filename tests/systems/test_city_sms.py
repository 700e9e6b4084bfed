"""市短信平台: SMS as a way of the unified message service, with templates, two providers and receipts."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from secrets import token_hex
from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.messaging import jobs, templates
from shuzheng.engines.messaging.actions import SubmitNotice
from shuzheng.engines.messaging.definitions import MessageTemplate
from shuzheng.engines.messaging.models import Delivery, Tally
from shuzheng.engines.messaging.models.delivery import DeliveryStatus
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now
from shuzheng.testing.applications import Connected, a_connected_application
from shuzheng.testing.identity import a_unit
from tests.engines.messaging.smsc import SECRET, Centre, start, until

SYSTEM = Actor.system("test")
FLOOD = MessageTemplate.model_validate(
    {
        "code": "test.flood",
        "title": "防汛提醒",
        "subject": "防汛提醒",
        "body": "{place}水位上涨，请远离河岸。",
        "notice": "{place}水位上涨，请远离河岸。",
        "category": "safety",
        "urgent": True,
        "placeholders": {"place": {"title": "地点", "personal": False}},
    }
)


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """The sandbox centre."""
    running = start(tmp_path_factory.mktemp("smsc"))
    yield running
    running.stop()


@pytest.fixture
def application(db: None, centre: Centre, settings: Any) -> Iterator[Connected]:
    """The flood office's system, which may write to bare numbers."""
    centre.heal()
    settings.SMS_PROVIDERS = [centre.http_url, centre.cmpp_url]
    settings.SMS_TIMEOUT = 0.5
    templates.build_in(FLOOD)
    unit = a_unit("emergency-management")
    yield a_connected_application("flood", unit=unit, notices={"things": [FLOOD.code]}, texts={})
    del templates._built_in._entries[FLOOD.code]


def send(application: Connected, *mobiles: str) -> None:
    """Let the system hand in one SMS for each number."""
    SubmitNotice.do(
        application.actor,
        reference=token_hex(4),
        template=FLOOD.code,
        values={"place": "赣江章贡段"},
        recipients=[{"mobile": mobile} for mobile in mobiles],
    )
    jobs.drain()


def receipt(body: bytes, secret: str = SECRET, timestamp: str = "") -> Any:
    """Post receipts as the provider does."""
    timestamp, nonce = timestamp or str(int(now().timestamp())), token_hex(16)
    text = f"{timestamp}\n{nonce}\n".encode() + body
    signed = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    headers = {"X-Timestamp": timestamp, "X-Nonce": nonce, "X-Signature": signed}
    return Client().post("/api/messaging/receipts/cloud", body, content_type="application/json", headers=headers)


def report_on(delivery: Delivery, status: str = "delivered") -> bytes:
    """Return the body of one receipt."""
    return json.dumps({"reports": [{"out_id": str(delivery.pk), "status": status, "at": now().isoformat()}]}).encode()


@pytest.mark.system("city-sms", page="/office/messages/statistics/")
def test_texts_reach_phones_and_their_receipts_come_back(application: Connected, centre: Centre) -> None:
    send(application, "13812345678", "13912345678")
    texts = {row["mobile"]: row["text"] for row in centre.taken()}
    assert texts["13812345678"] == texts["13912345678"] == "【数政】赣江章贡段水位上涨，请远离河岸。"
    for delivery in Delivery.objects.all():
        assert receipt(report_on(delivery)).json() == {"known": 1}
    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.DELIVERED}
    tally = Tally.objects.get(department=application.application.unit.code, channel="sms")
    assert (tally.used, tally.sent, tally.delivered, tally.failed) == (2, 2, 2, 0)


@pytest.mark.system("city-sms")
def test_the_operators_line_takes_over_and_its_receipts_are_fetched(application: Connected, centre: Centre) -> None:
    centre.fault("http", mode="hang")
    send(application, "13712345678", "13712340000")
    assert set(Delivery.objects.values_list("provider", flat=True)) == {"operator"}
    until(lambda: jobs.collect_receipts(0) is None and not Delivery.objects.filter(status="sent").exists())
    assert set(Delivery.objects.values_list("status", flat=True)) == {"delivered", "undelivered"}


def test_a_second_receipt_changes_nothing(application: Connected) -> None:
    send(application, "13812345678")
    delivery = Delivery.objects.get()
    assert receipt(report_on(delivery)).status_code == 200
    assert receipt(report_on(delivery, "failed")).status_code == 200
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.DELIVERED
    assert Tally.objects.get(department=application.application.unit.code, channel="sms").delivered == 1


@pytest.mark.parametrize(
    "forged", [{"secret": "guessed"}, {"timestamp": "1700000000"}, {"timestamp": "9" * 5000}, {"timestamp": "²"}]
)
def test_a_forged_receipt_changes_nothing(application: Connected, forged: dict[str, str]) -> None:
    send(application, "13812345678")
    assert receipt(report_on(Delivery.objects.get()), **forged).status_code == 401
    assert Delivery.objects.get().status == DeliveryStatus.SENT


def test_a_receipt_of_something_else_is_let_go(application: Connected) -> None:
    body = json.dumps({"reports": [{"out_id": "nothing", "status": "delivered", "at": now().isoformat()}]}).encode()
    assert receipt(body).json() == {"known": 0}
    assert receipt(b"{}").status_code == 401
