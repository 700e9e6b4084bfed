"""SMS through two providers of different protocols, against a sandbox centre in a process of its own."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from shuzheng.engines.messaging import jobs
from shuzheng.engines.messaging.actions import (
    GiveUpDelivery,
    RecordOutcomes,
    RecordReceipts,
    ReportProvider,
    RetryDelivery,
    SetQuietHours,
)
from shuzheng.engines.messaging.gateways import Notice, gateway
from shuzheng.engines.messaging.gateways.sms import provider_named
from shuzheng.engines.messaging.models import ContactAddress, Delivery, Message, ProviderHealth, Tally
from shuzheng.engines.messaging.models.delivery import ATTEMPTS, DeliveryStatus
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.id import new_id
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import at, now
from tests.engines.messaging.conftest import SYSTEM
from tests.engines.messaging.smsc import Centre, start, until

Tell = Callable[..., Message]
MOBILE = "13812345678"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """One centre for the file."""
    centre = start(tmp_path_factory.mktemp("smsc"))
    yield centre
    centre.stop()


@pytest.fixture
def centre(running: Centre, settings: Any, db: None) -> Centre:
    """The centre, well, as both providers of the site."""
    running.heal()
    settings.SMS_PROVIDERS = [running.http_url, running.cmpp_url]
    settings.SMS_TIMEOUT = 0.5
    return running


@pytest.fixture
def by_sms(resident: Actor) -> None:
    """The resident wants SMS at any hour."""
    ContactAddress.objects.create(owner=resident.person_id, channel="sms", address=MOBILE)
    SetQuietHours.do(resident, starts="22:00", ends="07:00", kept=False)


def only() -> Delivery:
    return Delivery.objects.get()


@pytest.mark.usefixtures("by_sms")
def test_the_first_provider_takes_it_and_tells_us_its_number(centre: Centre, tell: Tell) -> None:
    tell()
    assert jobs.drain() == 1
    delivery = only()
    assert (delivery.status, delivery.provider) == (DeliveryStatus.SENT, "cloud")
    taken = centre.taken()[0]
    assert (taken["protocol"], taken["mobile"], taken["out_id"]) == ("http", MOBILE, str(delivery.pk))
    assert taken["text"] == "【数政】请在 11月27日 前登录数政补充材料。"


@pytest.mark.usefixtures("by_sms")
@pytest.mark.parametrize("mode", ["hang", "refuse"])
def test_the_second_takes_over_when_the_first_hangs_or_refuses(centre: Centre, tell: Tell, mode: str) -> None:
    centre.fault("http", mode=mode)
    tell()
    started = now()
    jobs.drain()
    assert now() - started < timedelta(seconds=3)
    assert (only().status, only().provider) == (DeliveryStatus.SENT, "operator")
    taken = centre.taken()[0]
    assert (taken["protocol"], taken["mobile"]) == ("cmpp", MOBILE)
    assert taken["text"] == "【数政】请在 11月27日 前登录数政补充材料。"
    assert ProviderHealth.objects.get(pk="cloud").failures == 1


@pytest.mark.usefixtures("by_sms")
def test_with_both_down_it_is_tried_again_and_then_a_dead_letter(centre: Centre, tell: Tell, settings: Any) -> None:
    centre.fault("http", mode="refuse")
    centre.fault("cmpp", mode="refuse")
    tell()
    moment = now()
    for attempt in range(ATTEMPTS):
        with at(moment + timedelta(hours=attempt * 12)):
            jobs.drain()
    delivery = only()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.FAILED, ATTEMPTS)
    assert EventRecord.objects.filter(type="messaging.delivery_failed").count() == 1
    assert EventRecord.objects.filter(type="messaging.provider_down").exists()
    centre.heal()
    with at(moment + timedelta(days=30)):
        RetryDelivery.do(SYSTEM, delivery_id=delivery.pk)
        jobs.drain()
    assert only().status == DeliveryStatus.SENT
    with pytest.raises(NotFound):
        GiveUpDelivery.do(SYSTEM, delivery_id=delivery.pk, note="已过时")


def test_a_number_that_does_not_exist_is_not_tried_again(centre: Centre) -> None:
    Delivery.objects.create(channel="sms", to="13812340001", title="t", text="t")
    jobs.drain()
    assert (only().status, only().reason) == (DeliveryStatus.FAILED, "bad-number")
    GiveUpDelivery.do(SYSTEM, delivery_id=only().pk, note="号码不存在")
    assert only().status == DeliveryStatus.GIVEN_UP


def test_an_open_circuit_spares_the_provider(centre: Centre, settings: Any) -> None:
    for _failure in range(3):
        ReportProvider.do(SYSTEM, provider="cloud", failed=True, reason="TimeoutError")
    health = ProviderHealth.objects.get()
    assert health.open_until is not None
    assert health.open_until > now()
    (outcome,) = gateway("sms").send([Notice(new_id(), MOBILE, "t", "t")])
    assert outcome.provider == "operator"
    with at(health.open_until + timedelta(seconds=1)):
        (outcome,) = gateway("sms").send([Notice(new_id(), MOBILE, "t", "t")])
    assert outcome.provider == "cloud"
    assert ProviderHealth.objects.get().failures == 0


@pytest.mark.usefixtures("by_sms")
def test_receipts_of_the_operator_are_fetched_once(centre: Centre, tell: Tell, settings: Any) -> None:
    settings.SMS_PROVIDERS = [centre.cmpp_url]
    centre.fault("cmpp", mode="ok", reports=2)
    tell()
    jobs.drain()
    provider = provider_named("operator")
    assert provider is not None
    assert jobs.collect(provider) >= 1
    assert only().status == DeliveryStatus.DELIVERED
    jobs.collect(provider)
    assert Tally.objects.get(channel="sms").delivered == 1
    centre.fault("cmpp", mode="ok")


@pytest.mark.usefixtures("by_sms")
def test_what_a_provider_loses_is_never_said_to_have_arrived(centre: Centre, tell: Tell, settings: Any) -> None:
    settings.SMS_PROVIDERS = [centre.cmpp_url]
    centre.fault("cmpp", mode="lose")
    tell()
    jobs.drain()
    jobs.collect_receipts(0)
    assert only().status == DeliveryStatus.SENT


def test_a_long_text_goes_out_in_parts_that_fit(centre: Centre, settings: Any) -> None:
    settings.SMS_PROVIDERS = [centre.cmpp_url]
    text = "请携带身份证原件到政务服务中心三楼办理。" * 6
    Delivery.objects.create(channel="sms", to=MOBILE, title="t", text=text)
    jobs.drain()
    parts = sorted((row for row in centre.taken() if row["parts"] > 1), key=lambda row: row["id"])
    assert "".join(row["text"] for row in parts) == f"【数政】{text}"
    assert {row["part"] for row in parts} == set(range(1, len(parts) + 1))


def test_a_wrong_password_is_a_failure_of_the_provider(centre: Centre, settings: Any) -> None:
    settings.SMS_PROVIDERS = [
        centre.cmpp_url.replace("sandbox-secret", "wrong"),
        centre.http_url.replace(":sandbox-secret", ":no"),
    ]
    Delivery.objects.create(channel="sms", to=MOBILE, title="t", text="t")
    jobs.drain()
    assert only().status == DeliveryStatus.PENDING
    assert set(ProviderHealth.objects.values_list("pk", flat=True)) == {"operator", "cloud"}


def test_the_centre_says_that_it_is_a_sandbox(centre: Centre) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{centre.http}/", timeout=5) as page:
        assert page.headers["X-Sandbox"] == "1"
        assert "沙箱" in page.read().decode()
    until(lambda: bool(centre.taken()))


def test_a_receipt_that_is_faster_than_our_note_is_kept(db: None) -> None:
    delivery = Delivery.objects.create(channel="sms", to=MOBILE, title="t", text="t")
    receipt = {"reference": str(delivery.pk), "delivered": True, "at": now()}
    assert RecordReceipts.do(SYSTEM, provider="cloud", receipts=[receipt]).known == [True]
    RecordOutcomes.do(SYSTEM, outcomes=[{"delivery_id": delivery.pk, "state": "sent", "provider": "cloud"}])
    assert only().status == DeliveryStatus.DELIVERED


def test_a_receipt_of_another_provider_is_not_ours(db: None) -> None:
    Delivery.objects.create(
        channel="sms", to=MOBILE, title="t", text="t", status="sent", provider="operator", reference="01"
    )
    receipt = {"reference": "01", "delivered": False, "at": now()}
    assert RecordReceipts.do(SYSTEM, provider="cloud", receipts=[receipt]).known == [False]
    assert only().status == DeliveryStatus.SENT
