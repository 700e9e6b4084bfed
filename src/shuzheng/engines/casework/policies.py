"""Who may do what with cases: permissions, and the questions that a permission alone does not answer."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.models import Case, Task
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.policy import may, permission, scopes

ACCEPT = permission("casework.accept", _("受理办件"))
HANDLE = permission("casework.handle", _("办理办件"))
DECIDE = permission("casework.decide", _("作出审批决定"))
SUPERVISE = permission("casework.supervise", _("督办办件"))
READ = permission("casework.read", _("查看办件"))
MANAGE_ITEMS = permission("casework.manage_items", _("管理事项"))

#: Permissions that open a case of one's own division to an official.
READING = (READ, ACCEPT, HANDLE, DECIDE, SUPERVISE)


def is_applicant(actor: Actor, case: Case) -> bool:
    """Say whether the case is the actor's own, or that of the party for whom the actor acts."""
    if actor.party is not None and actor.party.id == case.applicant_id:
        return True
    return actor.person_id is not None and actor.person_id == case.applicant_id


def may_read(actor: Actor, case: Case, tasks: Iterable[Task] = ()) -> bool:
    """Say whether an actor may open a case.

    Its applicant and its operator may; an official whose unit deals with it, or was asked about it by one of ``tasks``;
    and whoever supervises its division. Holding a post elsewhere in the county opens nothing.
    """
    if is_applicant(actor, case) or (actor.person_id is not None and actor.person_id == case.operator_id):
        return True
    if may(actor, SUPERVISE, str(case.division_path)):
        return True
    units = {case.receiving_unit_id, case.handling_unit_id, case.lead_unit_id, *(task.unit_id for task in tasks)}
    return bool(units & actor.unit_ids) and any(may(actor, name) for name in READING)


def holds(actor: Actor, task: Task) -> bool:
    """Say whether a task is the actor's to do: given to them, or open to a post that they hold."""
    if actor.channel == "system":
        return True
    if task.assignee_id is not None:
        return task.assignee_id == actor.officer_id
    return (task.unit_id, task.post) in actor.posts


def readable(actor: Actor) -> Q:
    """Return the condition for the cases that an official may open without having been asked about them."""
    supervised = scopes(actor, SUPERVISE)
    if supervised == [""]:
        return Q()
    found = Q(receiving_unit_id__in=actor.unit_ids) | Q(handling_unit_id__in=actor.unit_ids)
    found |= Q(lead_unit_id__in=actor.unit_ids)
    for scope in supervised:
        found |= Q(division_path__within=scope)
    return found
