"""Inboxes: one's own, newest first, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shuzheng.engines.identity.models import Account
from shuzheng.engines.messaging import queries
from shuzheng.engines.messaging.actions import HideMessages, MarkRead, RestoreMessages, SendMessage, SendTest
from shuzheng.engines.messaging.errors import NoSuchMessage
from shuzheng.engines.messaging.models import Message
from shuzheng.kernel.actor import Actor, Grant
from shuzheng.kernel.moment import at, now
from tests.engines.messaging.conftest import SYSTEM, TEMPLATE, VALUES

Tell = Callable[..., Message]


@pytest.fixture
def stranger(db: None) -> Actor:
    """Somebody else."""
    return Actor(name="李四", account_id=Account.objects.create(username="li").pk)


def test_an_inbox_is_paged_newest_first(tell: Tell, resident: Actor, django_assert_num_queries: Any) -> None:
    for day in range(5):
        with at(now() - timedelta(days=day)):
            tell(f"thing {day}")
    with django_assert_num_queries(1):
        first = queries.inbox(resident.person_id, size=3)
    second = queries.inbox(resident.person_id, first.next, size=3)
    keys = [message.key.split("|")[0] for message in [*first.items, *second.items]]
    assert keys == [f"thing {day}" for day in range(5)]
    assert second.next is None


def test_an_account_without_a_person_has_an_inbox_too(stranger: Actor) -> None:
    SendMessage.do(SYSTEM, template=TEMPLATE.code, recipient_account=stranger.account_id, values=VALUES, topic="k")
    assert len(queries.inbox_of(stranger).items) == 1


def test_a_message_is_read_once_and_keeps_the_first_time(tell: Tell, resident: Actor) -> None:
    message = tell()
    MarkRead.do(resident, message_ids=[message.pk])
    message.refresh_from_db()
    first = message.read_at
    assert first is not None
    with at(now() + timedelta(hours=1)):
        MarkRead.do(resident)
    message.refresh_from_db()
    assert message.read_at == first


def test_nobody_reads_or_marks_another_persons_message(tell: Tell, stranger: Actor) -> None:
    message = tell()
    MarkRead.do(stranger, message_ids=[message.pk])
    message.refresh_from_db()
    assert message.read_at is None
    with pytest.raises(NoSuchMessage):
        queries.message(message.pk, stranger)


def test_marking_all_empties_the_unread(tell: Tell, resident: Actor) -> None:
    for number in range(3):
        tell(f"thing {number}")
    assert queries.unread_count(resident) == 3
    assert len(queries.inbox_of(resident, unread=True).items) == 3
    MarkRead.do(resident)
    assert queries.unread_count(resident) == 0
    assert queries.inbox_of(resident, unread=True).items == []


def test_counting_unread_messages_stops_at_the_bound(
    tell: Tell, resident: Actor, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    for number in range(3):
        tell(f"thing {number}")
    with django_assert_num_queries(1):
        assert queries.unread_count(resident) == 2


def test_somebody_who_has_not_signed_in_has_no_inbox(db: None, tell: Tell) -> None:
    tell()
    nobody = Actor(name="")
    assert queries.unread_count(nobody) == 0
    assert queries.inbox_of(nobody).items == []


def test_a_deleted_message_comes_back_with_its_time_of_reading(tell: Tell, resident: Actor, stranger: Actor) -> None:
    message = tell()
    MarkRead.do(resident)
    HideMessages.do(stranger, message_ids=[message.pk])
    assert queries.inbox_of(resident).items == [message]
    HideMessages.do(resident, message_ids=[message.pk])
    assert queries.inbox_of(resident).items == []
    RestoreMessages.do(stranger, message_ids=[message.pk])
    assert queries.inbox_of(resident).items == []
    RestoreMessages.do(resident, message_ids=[message.pk])
    (found,) = queries.inbox_of(resident).items
    assert found.read_at is not None


def test_a_template_is_tried_out_on_oneself_as_often_as_one_likes(resident: Actor) -> None:
    officer = replace(resident, grants=frozenset({Grant("messaging.bulk")}))
    SendTest.do(officer, template=TEMPLATE.code)
    SendTest.do(officer, template=TEMPLATE.code, values={"item": "高龄津贴"})
    subjects = [message.subject for message in queries.inbox_of(officer).items]
    assert sorted(subjects) == ["请补充材料：〔事项〕", "请补充材料：高龄津贴"]
