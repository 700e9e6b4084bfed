"""Giving roles to officers within a division, and taking them back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.identity import authority
from shuzheng.engines.identity.errors import AdministratorsExclusive, AlreadyAssigned, OwnRole
from shuzheng.engines.identity.inputs import Period
from shuzheng.engines.identity.models import Account, Officer, Role, RoleAssignment
from shuzheng.engines.identity.periods import end_on
from shuzheng.engines.identity.policies import MANAGE_ROLES
from shuzheng.engines.vocabulary import queries as vocabulary
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import today
from shuzheng.kernel.policies import USE_ADMIN
from shuzheng.kernel.policy import scopes

_EXCLUSIVE = "identity_administrators_exclusive"


class AssignRoleInput(Period):
    """Who gets which role, where and for how long."""

    officer_id: UUID
    role: str = Field(max_length=60)
    #: Twelve-digit code of a division; empty for everywhere.
    division_code: str = Field(default="", max_length=12)


class AssignRole(Action[AssignRoleInput, RoleAssignment]):
    """Give an officer a role within a division's subtree (授予角色).

    Nobody gives themselves a role, nor one that reaches further than their own; the three administrators
    (系统、安全、审计) exclude each other. Raises OwnRole, AdministratorsExclusive, AlreadyAssigned.
    """

    name = "identity.assign_role"
    permission = MANAGE_ROLES
    title = _("授予角色")

    def scope(self, actor: Actor, given: AssignRoleInput) -> str:
        """Return the division's path."""
        return _path(given.division_code)

    def check(self, actor: Actor, given: AssignRoleInput) -> None:
        """Refuse one's own role, and everywhere to those who manage roles in one place only."""
        _refuse_own(actor, given.officer_id)
        if not given.division_code and scopes(actor, MANAGE_ROLES) != [""]:
            raise NotPermitted(_("您只能在自己管理的区划内授予角色，请选择区划。"))

    def perform(self, actor: Actor, given: AssignRoleInput) -> RoleAssignment:
        """Create the assignment."""
        officer, role = _officer(given.officer_id), _role(given.role)
        _refuse_second_administrator(officer, role, given)
        try:
            assignment = RoleAssignment.objects.create(
                officer=officer,
                role=role,
                scope=_path(given.division_code),
                administrator=role.administrator,
                valid_from=given.valid_from,
                valid_to=given.valid_to,
                assigned_by_id=actor.account_id,
            )
        except IntegrityError as refused:
            raise _meaning(refused, role) from refused
        _authority_changed(officer)
        self.about(assignment, division=assignment.scope, role=role.code)
        self.emit("identity.role_assigned", officer.pk, role=role.code)
        return assignment


class WithdrawRoleInput(Input):
    """Which assignment ends."""

    assignment_id: UUID


class WithdrawRole(Action[WithdrawRoleInput, RoleAssignment | None]):
    """Take a role back at once (收回角色). Raises OwnRole."""

    name = "identity.withdraw_role"
    permission = MANAGE_ROLES
    title = _("收回角色")

    def scope(self, actor: Actor, given: WithdrawRoleInput) -> str:
        """Return the assignment's division path."""
        return str(_assignment(given.assignment_id).scope)

    def check(self, actor: Actor, given: WithdrawRoleInput) -> None:
        """Refuse one's own role, and one that reaches everywhere to those who manage roles in one place only."""
        assignment = _assignment(given.assignment_id)
        _refuse_own(actor, assignment.officer_id)
        if not assignment.scope and scopes(actor, MANAGE_ROLES) != [""]:
            raise NotPermitted

    def perform(self, actor: Actor, given: WithdrawRoleInput) -> RoleAssignment | None:
        """End the assignment as of yesterday, or remove one that began today."""
        assignment = _assignment(given.assignment_id)
        self.about(assignment, division=str(assignment.scope), role=assignment.role_id)
        self.emit("identity.role_withdrawn", assignment.officer_id, role=assignment.role_id)
        ended = end_on(assignment, today())
        _authority_changed(assignment.officer)
        return ended

    @classmethod
    def recall(cls, summary: dict[str, Any] | None) -> RoleAssignment | None:
        """Return the ended assignment again."""
        return RoleAssignment.objects.filter(pk=summary["id"]).first() if summary else None


def _path(division_code: str) -> str:
    return vocabulary.division(division_code).path if division_code else ""


def _officer(officer_id: UUID) -> Officer:
    officer = Officer.objects.filter(pk=officer_id).exclude(left_on__lte=today()).first()
    if officer is None:
        raise InvalidInput(FieldProblem("officer_id", gettext("没有这位在职工作人员。")))
    return officer


def _role(code: str) -> Role:
    role = Role.objects.filter(pk=code).first()
    if role is None:
        raise InvalidInput(FieldProblem("role", gettext("没有这个角色。")))
    return role


def _assignment(assignment_id: UUID) -> RoleAssignment:
    found = RoleAssignment.objects.select_related("officer").filter(pk=assignment_id).first()
    if found is None:
        raise NotFound
    return found


def _refuse_own(actor: Actor, officer_id: UUID) -> None:
    if actor.officer_id == officer_id:
        raise OwnRole


def _refuse_second_administrator(officer: Officer, role: Role, given: Period) -> None:
    """Raise AdministratorsExclusive with the names of both roles; the database refuses what slips through."""
    if not role.administrator:
        return
    overlapping = RoleAssignment.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=given.valid_from), officer=officer, administrator=True
    ).exclude(role=role)
    if given.valid_to is not None:
        overlapping = overlapping.filter(valid_from__lte=given.valid_to)
    held = overlapping.select_related("role").first()
    if held is not None:
        raise AdministratorsExclusive(held=held.role.title, wanted=role.title)


def _meaning(refused: IntegrityError, role: Role) -> AdministratorsExclusive | AlreadyAssigned:
    constraint = getattr(getattr(refused.__cause__, "diag", None), "constraint_name", "")
    if constraint == _EXCLUSIVE:
        return AdministratorsExclusive(held=_("另一个三员角色"), wanted=role.title)
    return AlreadyAssigned()


def _authority_changed(officer: Officer) -> None:
    """Let sessions look anew, and open or close the operators' screens."""
    held = RoleAssignment.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today()), officer=officer)
    staff = held.filter(role__permissions__contains=[USE_ADMIN]).exists()
    Account.objects.filter(pk=officer.account_id).update(is_staff=staff)
    authority.changed([officer.account_id])
