"""Lists that are kept, causes that are dealt with, failures sent again: who may, and what strange input does."""

from __future__ import annotations

from typing import Any

import pytest

from shuzheng.engines.identity.models import Account, OrgUnit, Person
from shuzheng.engines.messaging import recipient_groups
from shuzheng.engines.messaging.actions import (
    AddMembers,
    DraftBulk,
    GiveUpCause,
    RemoveGroup,
    RemoveMembers,
    ResendBulk,
    RetryCause,
    ReturnBulk,
    SaveGroup,
    SendBatch,
    SubmitBulk,
)
from shuzheng.engines.messaging.actions.groups import GroupInUse
from shuzheng.engines.messaging.models import Bulk, Delivery, GroupMember, Message, RecipientGroup
from shuzheng.kernel.actor import Actor, Grant
from shuzheng.kernel.error import InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.id import new_id
from shuzheng.testing.identity import a_resident, a_unit
from tests.engines.messaging.conftest import SYSTEM, TEMPLATE, VALUES

TO_A_GROUP = {"title": "通知", "template": TEMPLATE.code, "values": VALUES, "audience": "group"}


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


def officer_of(unit: OrgUnit, name: str) -> Actor:
    """Return an officer of a unit who may send to many."""
    account = Account.objects.create(username=name)
    held = frozenset({Grant("messaging.bulk")})
    return Actor(name=name, account_id=account.pk, unit_ids=frozenset({unit.pk}), grants=held)


def test_who_joins_a_group_after_a_bulk_was_submitted_does_not_get_it(db: None) -> None:
    first, later = a_resident("居民一"), a_resident("居民二")
    group = SaveGroup.do(SYSTEM, title="独居老人")
    AddMembers.do(SYSTEM, group_id=group.pk, people=[first.pk])
    bulk = DraftBulk.do(SYSTEM, {**TO_A_GROUP, "group_id": group.pk})
    assert SubmitBulk.do(SYSTEM, bulk_id=bulk.pk).total == 1
    AddMembers.do(SYSTEM, group_id=group.pk, people=[later.pk])
    RemoveMembers.do(SYSTEM, group_id=group.pk, people=[first.pk])
    assert SendBatch.do(SYSTEM, bulk_id=bulk.pk).sent == 1
    assert Message.objects.get().recipient_person_id == first.pk


def test_a_bulk_that_came_back_goes_to_the_group_as_it_is_then(db: None, settings: Any) -> None:
    settings.BULK_APPROVAL_ABOVE = 0
    first, later = a_resident("居民一"), a_resident("居民二")
    group = SaveGroup.do(SYSTEM, title="独居老人")
    AddMembers.do(SYSTEM, group_id=group.pk, people=[first.pk])
    bulk = Bulk.objects.create(title="x", template="test.supplement", values=VALUES, audience="group", group=group)
    SubmitBulk.do(SYSTEM, bulk_id=bulk.pk)
    ReturnBulk.do(SYSTEM, bulk_id=bulk.pk)
    RemoveMembers.do(SYSTEM, group_id=group.pk, people=[first.pk])
    AddMembers.do(SYSTEM, group_id=group.pk, people=[later.pk])
    SubmitBulk.do(SYSTEM, bulk_id=bulk.pk)
    assert list(bulk.recipients.values_list("person_id", flat=True)) == [later.pk]


def test_a_group_is_kept_by_the_officers_of_its_unit_alone(person: Person) -> None:
    own, other = a_unit("finance"), a_unit("water")
    keeper, colleague, stranger = officer_of(own, "a"), officer_of(own, "b"), officer_of(other, "c")
    group = SaveGroup.do(keeper, title="独居老人", department=own.code)
    assert AddMembers.do(colleague, group_id=group.pk, people=[person.pk]).size == 1
    for attempt in (
        lambda: AddMembers.do(stranger, group_id=group.pk, people=[person.pk]),
        lambda: RemoveMembers.do(stranger, group_id=group.pk, people=[]),
        lambda: RemoveGroup.do(stranger, group_id=group.pk),
        lambda: recipient_groups.group(stranger, group.pk),
    ):
        with pytest.raises(NotFound):
            attempt()
    with pytest.raises(NotPermitted):
        SaveGroup.do(stranger, title="低保户", department=own.code)
    with pytest.raises(InvalidInput):
        DraftBulk.do(stranger, {**TO_A_GROUP, "group_id": group.pk})
    assert recipient_groups.groups(stranger).items == []
    assert recipient_groups.groups(colleague).items == [group]


def test_a_group_of_no_unit_is_its_makers_alone(db: None) -> None:
    unit = a_unit("finance")
    maker, colleague = officer_of(unit, "a"), officer_of(unit, "b")
    group = SaveGroup.do(maker, title="独居老人")
    assert recipient_groups.group(maker, group.pk) == group
    with pytest.raises(NotFound):
        recipient_groups.group(colleague, group.pk)
    assert not recipient_groups.kept(Actor(name="")).exists()


def test_a_cause_without_dead_letters_changes_nothing(db: None) -> None:
    Delivery.objects.create(channel="sms", to="1", title="x", text="x", status="sent", provider="cloud")
    cause = {"channel": "sms", "provider": "cloud"}
    assert RetryCause.do(SYSTEM, cause).count == 0
    assert GiveUpCause.do(SYSTEM, {**cause, "note": "不再需要"}).count == 0
    with pytest.raises(InvalidInput):
        GiveUpCause.do(SYSTEM, cause)
    assert Delivery.objects.get().status == "sent"


def test_a_bulk_without_failures_sends_nothing_again(db: None) -> None:
    bulk = Bulk.objects.create(title="x", template="x", audience="list")
    assert ResendBulk.do(SYSTEM, bulk_id=bulk.pk).count == 0
    with pytest.raises(NotFound):
        ResendBulk.do(SYSTEM, bulk_id=new_id())
