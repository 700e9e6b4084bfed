"""Fixtures of the messaging's tests: a resident, a template, and the platform as sender."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from shuzheng.engines.identity.models import Account, Person
from shuzheng.engines.messaging import templates
from shuzheng.engines.messaging.actions import SendMessage
from shuzheng.engines.messaging.definitions import MessageTemplate
from shuzheng.engines.messaging.models import Message
from shuzheng.kernel.actor import Actor

SYSTEM = Actor.system("test")
TEMPLATE = MessageTemplate.model_validate(
    {
        "code": "test.supplement",
        "title": "补正通知",
        "subject": "请补充材料：{item}",
        "body": "{name}，您申请的“{item}”还缺材料，请在 {until} 前补充。",
        "notice": "请在 {until} 前登录数政补充材料。",
        "placeholders": {
            "name": {"title": "姓名"},
            "item": {"title": "事项"},
            "until": {"title": "截止日期", "personal": False},
        },
    }
)
VALUES = {"name": "张桂兰", "item": "高龄津贴", "until": "11月27日"}


@pytest.fixture(autouse=True)
def template() -> Iterator[MessageTemplate]:
    """A template built in for the test."""
    yield templates.build_in(TEMPLATE)
    del templates._built_in._entries[TEMPLATE.code]


@pytest.fixture
def person(db: None) -> Person:
    """A resident."""
    return Person.objects.create(name="张桂兰", id_number="360702194001010018", synthetic=True)


@pytest.fixture
def resident(person: Person) -> Actor:
    """The resident, signed in."""
    account = Account.objects.create(username="zhang", person=person)
    return Actor(name=person.name, person_id=person.pk, account_id=account.pk, assurance=3)


@pytest.fixture
def tell(person: Person) -> Callable[..., Message]:
    """Send the resident a message."""

    def send(topic: str = "case:1:supplement:1", **more: object) -> Message:
        given = {"template": TEMPLATE.code, "recipient_person": person.pk, "values": VALUES, "topic": topic, **more}
        return SendMessage.do(SYSTEM, given)

    return send
