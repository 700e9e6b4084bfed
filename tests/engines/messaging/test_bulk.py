"""Many people: each once, in batches that can be stopped, killed and started again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from shuzheng.engines.identity.models import Account, Person
from shuzheng.engines.messaging import jobs, templates
from shuzheng.engines.messaging.actions import (
    AddRecipients,
    ApproveBulk,
    CancelBulk,
    Choose,
    DraftBulk,
    PauseBulk,
    ResumeBulk,
    ReturnBulk,
    SendBatch,
    SubmitBulk,
    bulk_sending,
)
from shuzheng.engines.messaging.definitions import MessageTemplate
from shuzheng.engines.messaging.errors import NotByTheSame, ValuesDisagree, WrongState
from shuzheng.engines.messaging.models import Bulk, ContactAddress, Delivery, Message
from shuzheng.kernel.actor import EVERYTHING, Actor, Grant
from shuzheng.kernel.error import InvalidInput
from shuzheng.kernel.moment import at, now
from shuzheng.testing.identity import a_resident
from tests.engines.messaging.conftest import SYSTEM

NEWS = {
    "code": "test.news",
    "title": "惠民政策",
    "subject": "{name}，有一项补贴",
    "body": "{name}，您可能适合{policy}。",
    "category": "benefit",
    "placeholders": {"name": {"title": "姓名"}, "policy": {"title": "政策"}},
    "translations": {"en": {"subject": "A benefit for {name}", "body": "{policy}, {name}."}},
}


@pytest.fixture(autouse=True)
def news(db: None) -> Any:
    """A template of a category that only those get who said yes."""
    yield templates.build_in(**NEWS)
    del templates._built_in._entries["test.news"]


def officer(name: str) -> Actor:
    """Return an officer who may do everything."""
    account = Account.objects.create(username=name)
    return Actor(name=name, account_id=account.pk, grants=frozenset({Grant(EVERYTHING)}))


@pytest.fixture
def people() -> list[Person]:
    """Seven people who want news."""
    return [a_resident(f"居民{number}") for number in range(7)]


def draft(maker: Actor, **more: Any) -> Bulk:
    given = {"title": "补贴", "template": "test.news", "values": {"policy": "高龄津贴"}, "audience": "list", **more}
    return DraftBulk.do(maker, given)


def listed(maker: Actor, people: list[Person]) -> Bulk:
    bulk = draft(maker)
    recipients = [{"person": p.pk, "values": {"name": p.name}} for p in people]
    AddRecipients.do(maker, bulk_id=bulk.pk, recipients=recipients)
    AddRecipients.do(maker, bulk_id=bulk.pk, recipients=recipients[:2])
    return bulk


def wants_news(*people: Person) -> None:
    for person in people:
        actor = Actor(name="x", person_id=person.pk, account_id=person.account.pk)
        Choose.do(actor, choices=[{"category": "benefit", "channel": "inbox", "wanted": True}])


def send_all(bulk: Bulk, size: int = 3) -> None:
    while SendBatch.do(SYSTEM, bulk_id=bulk.pk, size=size).more:
        pass
    bulk.refresh_from_db()


def test_everybody_on_the_list_who_wants_it_gets_it_once_with_their_own_words(people: list[Person]) -> None:
    wants_news(*people[:5])
    maker = officer("maker")
    bulk = listed(maker, people)
    SubmitBulk.do(maker, bulk_id=bulk.pk)
    send_all(bulk)
    assert (bulk.status, bulk.total, bulk.sent, bulk.skipped) == (Bulk.Status.DONE, 7, 5, 2)
    subjects = set(Message.objects.values_list("subject", flat=True))
    assert subjects == {f"居民{number}，有一项补贴" for number in range(5)}


def test_people_are_told_in_their_language(people: list[Person]) -> None:
    Account.objects.filter(person=people[0]).update(preferred_language="en")
    wants_news(*people)
    maker = officer("maker")
    bulk = listed(maker, people)
    SubmitBulk.do(maker, bulk_id=bulk.pk)
    send_all(bulk)
    assert Message.objects.get(recipient_person=people[0]).subject == "A benefit for 居民0"
    assert Message.objects.filter(language="en").count() == 1


def test_a_killed_worker_neither_loses_nor_doubles_a_message(
    people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    wants_news(*people)
    for person in people:
        ContactAddress.objects.create(owner=person.pk, channel="sms", address="13812345678")
        actor = Actor(name="x", person_id=person.pk, account_id=person.account.pk)
        Choose.do(actor, choices=[{"category": "benefit", "channel": "sms", "wanted": True}])
    maker = officer("maker")
    bulk = listed(maker, people)
    SubmitBulk.do(maker, bulk_id=bulk.pk)
    SendBatch.do(SYSTEM, bulk_id=bulk.pk, size=2)
    whole = bulk_sending.copy

    def dies(model: Any, rows: Any) -> None:
        if model is Delivery:
            raise DatabaseError("the connection is gone")
        whole(model, rows)

    monkeypatch.setattr(bulk_sending, "copy", dies)
    with pytest.raises(DatabaseError):
        SendBatch.do(SYSTEM, bulk_id=bulk.pk, size=2)
    assert Message.objects.count() == 2
    monkeypatch.undo()
    send_all(bulk, size=2)
    assert (Message.objects.count(), Delivery.objects.count(), bulk.sent) == (7, 7, 7)
    assert Message.objects.values("recipient_person").distinct().count() == 7


def test_a_bulk_whose_worker_died_is_taken_up_again(people: list[Person]) -> None:
    wants_news(*people)
    maker = officer("maker")
    bulk = listed(maker, people)
    SubmitBulk.do(maker, bulk_id=bulk.pk)
    SendBatch.do(SYSTEM, bulk_id=bulk.pk, size=2)
    jobs.continue_bulks(0)
    assert Message.objects.count() == 2
    with at(now() + timedelta(minutes=3)):
        jobs.continue_bulks(0)
    assert Message.objects.count() == 7


def test_a_bulk_can_be_paused_resumed_and_cancelled(people: list[Person]) -> None:
    wants_news(*people)
    maker = officer("maker")
    bulk = listed(maker, people)
    SubmitBulk.do(maker, bulk_id=bulk.pk)
    SendBatch.do(SYSTEM, bulk_id=bulk.pk, size=2)
    PauseBulk.do(maker, bulk_id=bulk.pk)
    assert SendBatch.do(SYSTEM, bulk_id=bulk.pk).sent == 0
    ResumeBulk.do(maker, bulk_id=bulk.pk)
    SendBatch.do(SYSTEM, bulk_id=bulk.pk, size=2)
    CancelBulk.do(maker, bulk_id=bulk.pk)
    assert SendBatch.do(SYSTEM, bulk_id=bulk.pk).sent == 0
    assert Message.objects.count() == 4
    with pytest.raises(WrongState):
        ResumeBulk.do(maker, bulk_id=bulk.pk)


def test_many_people_need_two_officers(people: list[Person], settings: Any) -> None:
    settings.BULK_APPROVAL_ABOVE = 3
    maker, second = officer("maker"), officer("second")
    bulk = listed(maker, people)
    assert SubmitBulk.do(maker, bulk_id=bulk.pk).status == Bulk.Status.SUBMITTED
    with pytest.raises(NotByTheSame):
        ApproveBulk.do(maker, bulk_id=bulk.pk)
    assert ReturnBulk.do(second, bulk_id=bulk.pk).status == Bulk.Status.DRAFT
    SubmitBulk.do(maker, bulk_id=bulk.pk)
    assert ApproveBulk.do(second, bulk_id=bulk.pk).status == Bulk.Status.RUNNING
    with pytest.raises(WrongState):
        AddRecipients.do(maker, bulk_id=bulk.pk, recipients=[{"person": people[0].pk, "values": {"name": "x"}}])


def test_a_division_means_those_there_who_agreed(people: list[Person]) -> None:
    Person.objects.filter(pk__in=[p.pk for p in people[:3]]).update(division_code="360702001000")
    Person.objects.filter(pk__in=[p.pk for p in people[3:]]).update(division_code="360403000000")
    wants_news(*people[1:5])
    maker = officer("maker")
    bulk = draft(maker, audience="division", division_code="360702000000", values={"policy": "津贴", "name": "居民"})
    assert SubmitBulk.do(maker, bulk_id=bulk.pk).total == 2
    send_all(bulk)
    assert set(Message.objects.values_list("recipient_person_id", flat=True)) == {people[1].pk, people[2].pk}


def test_all_accounts_get_what_nobody_may_decline(people: list[Person]) -> None:
    templates.build_in(code="test.alarm", title="警报", subject="警报", body="请避险。", category="safety", urgent=True)
    maker = officer("maker")
    bulk = draft(maker, audience="accounts", template="test.alarm", values={})
    SubmitBulk.do(maker, bulk_id=bulk.pk)
    send_all(bulk)
    assert (bulk.sent, bulk.skipped) == (8, 0)
    assert Message.objects.filter(recipient_account_id=maker.account_id).count() == 1
    del templates._built_in._entries["test.alarm"]


def test_a_scheduled_bulk_waits(people: list[Person]) -> None:
    wants_news(*people)
    maker = officer("maker")
    bulk = listed(maker, people)
    Bulk.objects.update(send_at=now() + timedelta(hours=3))
    SubmitBulk.do(maker, bulk_id=bulk.pk)
    jobs.continue_bulks(0)
    assert not Message.objects.exists()
    with at(now() + timedelta(hours=3, minutes=1)):
        jobs.continue_bulks(0)
    assert Message.objects.count() == 7


def test_a_missing_value_is_found_before_anything_is_sent(people: list[Person]) -> None:
    maker = officer("maker")
    with pytest.raises(ValuesDisagree):
        draft(maker, audience="accounts")
    with pytest.raises(ValuesDisagree):
        AddRecipients.do(maker, bulk_id=draft(maker).pk, recipients=[{"person": people[0].pk}])
    with pytest.raises(InvalidInput):
        draft(maker, audience="division", values={"policy": "x", "name": "y"})
    with pytest.raises(WrongState):
        SubmitBulk.do(maker, bulk_id=draft(maker).pk)


def test_a_batch_costs_a_fixed_number_of_statements(people: list[Person], django_assert_max_num_queries: Any) -> None:
    assert MessageTemplate.model_validate(NEWS).category == "benefit"
    wants_news(*people)
    maker = officer("maker")
    bulk = listed(maker, people)
    SubmitBulk.do(maker, bulk_id=bulk.pk)
    SendBatch.do(SYSTEM, bulk_id=bulk.pk, size=1)
    with django_assert_max_num_queries(12):
        SendBatch.do(SYSTEM, bulk_id=bulk.pk, size=6)
