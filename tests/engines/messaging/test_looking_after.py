"""Lists that are kept, causes that are dealt with, failures sent again: who may, and what strange input does."""

from __future__ import annotations

import pytest

from shuzheng.engines.identity.models import Account, Person
from shuzheng.engines.messaging.actions import (
    AddMembers,
    GiveUpCause,
    RemoveGroup,
    RemoveMembers,
    ResendBulk,
    RetryCause,
    SaveGroup,
)
from shuzheng.engines.messaging.actions.groups import GroupInUse
from shuzheng.engines.messaging.models import Bulk, Delivery, GroupMember, RecipientGroup
from shuzheng.kernel.actor import Actor, Grant
from shuzheng.kernel.error import InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.id import new_id
from tests.engines.messaging.conftest import SYSTEM


def test_a_group_holds_known_people_once(person: Person) -> None:
    group = SaveGroup.do(SYSTEM, title="独居老人")
    with pytest.raises(InvalidInput):
        SaveGroup.do(SYSTEM, title="独居老人")
    assert AddMembers.do(SYSTEM, group_id=group.pk, people=[person.pk, new_id(), person.pk]).size == 1
    assert RemoveMembers.do(SYSTEM, group_id=group.pk, people=[]).size == 0
    assert not GroupMember.objects.exists()
    RemoveGroup.do(SYSTEM, group_id=group.pk)
    with pytest.raises(NotFound):
        AddMembers.do(SYSTEM, group_id=group.pk, people=[person.pk])


def test_a_group_that_tells_who_a_bulk_went_to_is_kept(db: None) -> None:
    group = SaveGroup.do(SYSTEM, title="独居老人")
    Bulk.objects.create(title="x", template="x", audience="group", group=group)
    with pytest.raises(GroupInUse):
        RemoveGroup.do(SYSTEM, group_id=group.pk)
    assert RecipientGroup.objects.exists()


def test_a_cause_without_dead_letters_changes_nothing(db: None) -> None:
    Delivery.objects.create(channel="sms", to="1", title="x", text="x", status="sent", provider="cloud")
    cause = {"channel": "sms", "provider": "cloud"}
    assert RetryCause.do(SYSTEM, cause).count == 0
    assert GiveUpCause.do(SYSTEM, {**cause, "note": "不再需要"}).count == 0
    with pytest.raises(InvalidInput):
        GiveUpCause.do(SYSTEM, cause)
    assert Delivery.objects.get().status == "sent"


def test_only_the_maker_or_an_approver_sends_again(db: None) -> None:
    bulk = Bulk.objects.create(
        title="x", template="x", audience="list", made_by=Account.objects.create(username="maker")
    )
    other = Account.objects.create(username="other")
    with pytest.raises(NotPermitted):
        ResendBulk.do(
            Actor(name="x", account_id=other.pk, grants=frozenset({Grant("messaging.bulk")})), bulk_id=bulk.pk
        )
    assert ResendBulk.do(SYSTEM, bulk_id=bulk.pk).count == 0
    with pytest.raises(NotFound):
        ResendBulk.do(SYSTEM, bulk_id=new_id())
