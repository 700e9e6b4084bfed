"""Who may do what with cases: permissions, and the questions that a permission alone does not answer."""

from __future__ import annotations

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


def may_read(actor: Actor, case: Case) -> bool:
    """Say whether an actor may open a case: its applicant, its operator, or an official of its division."""
    if is_applicant(actor, case) or (actor.person_id is not None and actor.person_id == case.operator_id):
        return True
    if case.secrecy == Case.Secrecy.SENSITIVE and not _is_concerned(actor, case):
        return may(actor, SUPERVISE, case.division_path)
    return any(may(actor, name, case.division_path) for name in READING)


def _is_concerned(actor: Actor, case: Case) -> bool:
    """Say whether an official's own unit deals with the case."""
    units = {case.receiving_unit_id, case.handling_unit_id, case.lead_unit_id}
    return actor.channel == "system" or bool(units & actor.unit_ids)


def holds(actor: Actor, task: Task) -> bool:
    """Say whether a task is the actor's to do: given to them, or open to a post that they hold."""
    if actor.channel == "system":
        return True
    if task.assignee_id is not None:
        return task.assignee_id == actor.officer_id
    return (task.unit_id, task.post) in actor.posts


def readable(actor: Actor) -> Q:
    """Return the condition for the cases that an official may open."""
    found = Q(pk__in=[])
    for name in READING:
        for scope in scopes(actor, name):
            found |= Q(division_path__within=scope) if scope else Q()
            if not scope:
                return Q()
    return found
