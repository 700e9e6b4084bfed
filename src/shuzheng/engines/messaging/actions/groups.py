"""Keeping lists of people who are written to again and again (常用收件人)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.identity.models import OrgUnit, Person
from shuzheng.engines.messaging.actions.bulk import MOST_AT_ONCE
from shuzheng.engines.messaging.models import Bulk, GroupMember, RecipientGroup
from shuzheng.engines.messaging.policies import BULK
from shuzheng.engines.messaging.recipient_groups import kept
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import Conflict, FieldProblem, InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class GroupInUse(Conflict):
    """A bulk refers to the group."""

    code = "group-in-use"
    message = _("有群发使用这个名单，不能删除。可以清空名单，或换一个名称。")


class SaveGroupInput(Input):
    """What a list is called, and the code of the unit whose officers keep it; without one only its maker does."""

    title: str = Field(min_length=2, max_length=100)
    department: str = Field(default="", max_length=80)


class SaveGroup(Action[SaveGroupInput, RecipientGroup]):
    """Begin a list of people (建立常用收件人).

    Raises NotPermitted for another's department, InvalidInput where the department has one of that name.
    """

    name = "messaging.save_group"
    permission = BULK
    title = _("建立常用收件人")

    def perform(self, actor: Actor, given: SaveGroupInput) -> RecipientGroup:
        """Keep it empty."""
        if given.department and not _own(actor, given.department):
            raise NotPermitted
        if RecipientGroup.objects.filter(title=given.title, department=given.department).exists():
            raise InvalidInput(FieldProblem("title", str(_("已有同名的名单，请换一个名称。"))))
        group = RecipientGroup.objects.create(made_by_id=actor.account_id, **given.model_dump())
        self.about(group)
        return group


class MembersInput(Input):
    """A list and some people."""

    group_id: UUID
    people: list[UUID] = Field(max_length=MOST_AT_ONCE)


class AddMembers(Action[MembersInput, RecipientGroup]):
    """Put people on a list (加入常用收件人); who is on it already stays once. Raises NotFound."""

    name = "messaging.add_members"
    permission = BULK
    title = _("加入常用收件人")

    def perform(self, actor: Actor, given: MembersInput) -> RecipientGroup:
        """Insert those who are known to the register of persons."""
        group = _locked(actor, given.group_id)
        known = Person.objects.filter(pk__in=given.people).values_list("pk", flat=True)
        GroupMember.objects.bulk_create(
            [GroupMember(group=group, person_id=person) for person in known], ignore_conflicts=True, batch_size=1000
        )
        return _changed(self, group)


class RemoveMembers(Action[MembersInput, RecipientGroup]):
    """Take people off a list, or everybody where nobody is named (移出常用收件人). Raises NotFound."""

    name = "messaging.remove_members"
    permission = BULK
    title = _("移出常用收件人")

    def perform(self, actor: Actor, given: MembersInput) -> RecipientGroup:
        """Delete; what was sent stays."""
        group = _locked(actor, given.group_id)
        members = GroupMember.objects.filter(group=group)
        (members.filter(person_id__in=given.people) if given.people else members).delete()
        return _changed(self, group)


class GroupInput(Input):
    """Which list."""

    group_id: UUID


class RemoveGroup(Action[GroupInput, None]):
    """Delete a list (删除常用收件人). Raises NotFound, GroupInUse."""

    name = "messaging.remove_group"
    permission = BULK
    title = _("删除常用收件人")

    def perform(self, actor: Actor, given: GroupInput) -> None:
        """Delete it with its members, unless a bulk tells who it went to by it."""
        group = _locked(actor, given.group_id)
        if Bulk.objects.filter(group=group).exists():
            raise GroupInUse
        self.about(group, size=group.size)
        group.delete()


def _own(actor: Actor, department: str) -> bool:
    return actor.channel == "system" or OrgUnit.objects.filter(pk__in=actor.unit_ids, code=department).exists()


def _locked(actor: Actor, group_id: UUID) -> RecipientGroup:
    """Return a list, locked, to whoever keeps it. Raises NotFound for anybody else too."""
    group = kept(actor).select_for_update().filter(pk=group_id).first()
    if group is None:
        raise NotFound
    return group


def _changed(action: Action, group: RecipientGroup) -> RecipientGroup:
    group.size, group.changed_at = GroupMember.objects.filter(group=group).count(), now()
    group.save(update_fields=["size", "changed_at"])
    action.about(group, size=group.size)
    return group
