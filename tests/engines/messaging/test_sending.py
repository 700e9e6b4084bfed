"""Sending messages: worded once, told once, and nothing personal leaves the house."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shuzheng.engines.identity.models import Person
from shuzheng.engines.messaging import jobs, queries
from shuzheng.engines.messaging.actions import (
    CancelMessage,
    ClaimDeliveries,
    RecordOutcomes,
    SendMessage,
    SetQuietHours,
)
from shuzheng.engines.messaging.errors import NoSuchMessage, NoSuchTemplate, TooLate, ValuesDisagree
from shuzheng.engines.messaging.models import ContactAddress, Delivery, Message
from shuzheng.engines.messaging.models.delivery import ATTEMPTS, DeliveryStatus
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import InvalidInput, NotPermitted
from shuzheng.kernel.metrics import exposition
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import at, now
from tests.engines.messaging.conftest import SYSTEM, TEMPLATE, VALUES

Tell = Callable[..., Message]
FAILING = {"email": "shuzheng.engines.messaging.gateways.FailingChannel"}


@pytest.fixture
def by_mail(resident: Actor) -> None:
    """The resident wants e-mail."""
    ContactAddress.objects.create(owner=resident.person_id, channel="email", address="zhang@example.org")
    SetQuietHours.do(resident, starts="22:00", ends="07:00", kept=False)


def last_event() -> dict[str, Any]:
    return {"subject": EventRecord.objects.get(type="messaging.message_announced").subject}


def test_a_message_is_worded_from_its_template(tell: Tell) -> None:
    message = tell(link="/cases/1")
    assert message.subject == "请补充材料：高龄津贴"
    assert message.body == "张桂兰，您申请的“高龄津贴”还缺材料，请在 11月27日 前补充。"
    assert (message.link, message.read_at) == ("/cases/1", None)


def test_the_same_thing_is_told_once(tell: Tell) -> None:
    assert tell().pk == tell().pk
    assert tell("another thing").pk != tell().pk
    assert Message.objects.count() == 2


def test_two_people_may_be_told_the_same_thing(tell: Tell) -> None:
    other = Person.objects.create(name="李明", id_number="360702197001010019", synthetic=True)
    assert tell().pk != tell(recipient_person=other.pk).pk


@pytest.mark.parametrize("values", [{}, {**VALUES, "more": "x"}, {"name": "张", "item": "津贴"}])
def test_values_that_do_not_fit_the_template_are_refused(tell: Tell, values: dict[str, str]) -> None:
    with pytest.raises(ValuesDisagree):
        tell(values=values)


def test_a_value_is_never_taken_for_a_placeholder(tell: Tell) -> None:
    assert "{until}" in tell(values={**VALUES, "item": "{until}"}).subject


def test_an_unknown_template_is_named(tell: Tell) -> None:
    with pytest.raises(NoSuchTemplate, match="nothing"):
        tell(template="nothing")


@pytest.mark.parametrize("link", ["https://evil.example", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_a_link_never_leaves_the_site(tell: Tell, link: str) -> None:
    with pytest.raises(InvalidInput):
        tell(link=link)


def test_a_message_needs_exactly_one_recipient(resident: Actor) -> None:
    given = {"template": TEMPLATE.code, "values": VALUES, "topic": "k"}
    for recipients in ({}, {"recipient_person": resident.person_id, "recipient_account": resident.account_id}):
        with pytest.raises(InvalidInput):
            SendMessage.do(SYSTEM, {**given, **recipients})


def test_a_resident_sends_no_messages(resident: Actor) -> None:
    with pytest.raises(NotPermitted):
        SendMessage.do(resident, template=TEMPLATE.code, recipient_person=resident.person_id, values=VALUES, topic="k")


def test_without_an_address_nothing_leaves_the_inbox(tell: Tell) -> None:
    tell()
    assert not Delivery.objects.exists()
    assert not EventRecord.objects.filter(type="messaging.message_announced").exists()


@pytest.mark.usefixtures("by_mail")
def test_a_mail_announces_the_message_without_personal_data(tell: Tell, mailoutbox: list[Any]) -> None:
    tell()
    jobs.deliver(last_event())
    (mail,) = mailoutbox
    assert (mail.to, mail.subject, mail.body) == (
        ["zhang@example.org"],
        "补正通知",
        "请在 11月27日 前登录数政补充材料。",
    )
    assert Delivery.objects.get().status == DeliveryStatus.SENT


@pytest.mark.usefixtures("by_mail")
def test_the_job_run_twice_mails_once(tell: Tell, mailoutbox: list[Any]) -> None:
    tell()
    jobs.deliver(last_event())
    jobs.deliver(last_event())
    jobs.redeliver(0)
    assert len(mailoutbox) == 1


@pytest.mark.usefixtures("by_mail")
def test_a_channel_that_is_down_is_tried_again_later(tell: Tell, mailoutbox: list[Any], settings: Any) -> None:
    settings.MESSAGE_CHANNELS = FAILING
    tell()
    jobs.deliver(last_event())
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.PENDING, 1)
    settings.MESSAGE_CHANNELS = {}
    jobs.try_again(0)
    assert not mailoutbox
    with at(delivery.due_at + timedelta(seconds=1)):
        jobs.redeliver(0)
        assert not mailoutbox, "what failed before has a queue of its own"
        jobs.try_again(0)
    assert len(mailoutbox) == 1


@pytest.mark.usefixtures("by_mail")
def test_after_some_attempts_a_delivery_is_given_up(tell: Tell, settings: Any) -> None:
    settings.MESSAGE_CHANNELS = FAILING
    tell()
    for _attempt in range(ATTEMPTS + 1):
        with at(now() + timedelta(days=_attempt * 30)):
            jobs.drain()
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.FAILED, ATTEMPTS)


@pytest.mark.usefixtures("by_mail")
def test_a_late_report_does_not_undo_that_a_notice_was_sent(tell: Tell) -> None:
    tell()
    jobs.deliver(last_event())
    RecordOutcomes.do(SYSTEM, outcomes=[{"delivery_id": Delivery.objects.get().pk, "state": "retry"}])
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.SENT, 1)


@pytest.mark.usefixtures("by_mail")
def test_what_a_dead_worker_left_behind_is_sent(tell: Tell, mailoutbox: list[Any]) -> None:
    tell()
    assert ClaimDeliveries.do(SYSTEM).ids
    jobs.redeliver(0)
    assert not mailoutbox
    with at(now() + timedelta(minutes=4)):
        jobs.try_again(0)
    assert len(mailoutbox) == 1


@pytest.mark.usefixtures("by_mail")
def test_a_scheduled_message_comes_at_its_time_and_not_before(
    tell: Tell, resident: Actor, mailoutbox: list[Any]
) -> None:
    tell(send_at=now() + timedelta(hours=2))
    jobs.deliver(last_event())
    assert not mailoutbox
    assert queries.unread_count(resident) == 0
    with at(now() + timedelta(hours=2, minutes=1)):
        jobs.redeliver(0)
        assert queries.unread_count(resident) == 1
    assert len(mailoutbox) == 1


@pytest.mark.usefixtures("by_mail")
def test_a_scheduled_message_can_be_taken_back_until_it_went_out(tell: Tell) -> None:
    message = tell(send_at=now() + timedelta(hours=2))
    CancelMessage.do(SYSTEM, message_id=message.pk)
    assert not Message.objects.exists()
    assert not Delivery.objects.exists()
    with pytest.raises(NoSuchMessage):
        CancelMessage.do(SYSTEM, message_id=message.pk)
    with pytest.raises(TooLate):
        CancelMessage.do(SYSTEM, message_id=tell().pk)


def test_a_message_keeps_the_version_of_its_template(tell: Tell) -> None:
    assert tell().template_version == "built-in"


def test_sending_shows_in_the_metrics(db: None) -> None:
    Delivery.objects.create(channel="sms", to="13812345678", title="t", text="t", status="failed")
    Delivery.objects.create(channel="sms", to="13812345678", title="t", text="t")
    jobs.drain()
    shown = exposition().decode()
    assert "shuzheng_dead_letters 1.0" in shown
    assert 'shuzheng_deliveries_total{channel="sms",department="",outcome="sent"} 1.0' in shown
