"""Handing one's duties to a colleague for a time (委托代理), and taking them back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.identity import authority
from shuzheng.engines.identity.errors import AlreadyDelegated
from shuzheng.engines.identity.inputs import LimitedPeriod
from shuzheng.engines.identity.models import Delegation, Officer, Post
from shuzheng.engines.identity.periods import end_on
from shuzheng.engines.identity.policies import MANAGE_OFFICERS
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import today
from shuzheng.kernel.policy import OFFICER, may, require


class DelegateDutiesInput(LimitedPeriod):
    """Who carries whose posts, from when to when, and why."""

    #: Empty for one's own duties.
    principal_id: UUID | None = None
    delegate_id: UUID
    reason: str = Field(min_length=2, max_length=200)


class DelegateDuties(Action[DelegateDutiesInput, Delegation]):
    """Let a colleague carry one's posts for a time (委托代理): posts only, never an administrator's role.

    Officers delegate their own; whoever manages officers may do so for an absent one. Raises AlreadyDelegated.
    """

    name = "identity.delegate_duties"
    permission = OFFICER
    title = _("委托代理职责")

    def check(self, actor: Actor, given: DelegateDutiesInput) -> None:
        """Refuse to hand over another's duties without managing officers where their posts are."""
        if given.principal_id not in (None, actor.officer_id):
            for path in _division_paths(given.principal_id):
                require(actor, MANAGE_OFFICERS, path)

    def perform(self, actor: Actor, given: DelegateDutiesInput) -> Delegation:
        """Create the delegation."""
        principal_id = given.principal_id or actor.officer_id
        if principal_id is None or not _in_service(given.delegate_id):
            raise InvalidInput(FieldProblem("delegate_id", gettext("请选择一位在职的同事。")))
        if principal_id == given.delegate_id:
            raise InvalidInput(FieldProblem("delegate_id", gettext("不能委托给本人，请选择一位同事。")))
        facts = given.model_dump(exclude={"principal_id"})
        try:
            delegation = Delegation.objects.create(principal_id=principal_id, **facts)
        except IntegrityError as overlap:
            raise AlreadyDelegated from overlap
        authority.changed([delegation.delegate.account_id])
        self.about(delegation)
        self.emit("identity.duties_delegated", principal_id, delegate=str(given.delegate_id))
        return delegation


class EndDelegationInput(Input):
    """Which delegation ends."""

    delegation_id: UUID


class EndDelegation(Action[EndDelegationInput, Delegation | None]):
    """Take delegated duties back from today on (收回委托); either side may, and whoever manages officers."""

    name = "identity.end_delegation"
    permission = OFFICER
    title = _("收回委托")

    def perform(self, actor: Actor, given: EndDelegationInput) -> Delegation | None:
        """End or remove the delegation."""
        found = Delegation.objects.select_for_update(of=("self",)).select_related("delegate")
        delegation = found.filter(pk=given.delegation_id).first()
        if delegation is None:
            raise NotFound
        if actor.officer_id not in (delegation.principal_id, delegation.delegate_id) and not may(
            actor, MANAGE_OFFICERS
        ):
            raise NotPermitted
        self.about(delegation)
        authority.changed([delegation.delegate.account_id])
        return end_on(delegation, today())

    @classmethod
    def recall(cls, summary: dict[str, Any] | None) -> Delegation | None:
        """Return the ended delegation again."""
        return Delegation.objects.filter(pk=summary["id"]).first() if summary else None


def _in_service(officer_id: UUID) -> bool:
    return Officer.objects.filter(pk=officer_id).exclude(left_on__lte=today()).exists()


def _division_paths(officer_id: UUID | None) -> set[str]:
    """Return where an officer holds posts. Raises NotFound."""
    posts = Post.objects.filter(appointments__officer=officer_id).select_related("unit")
    paths = {post.unit.division_path for post in posts}
    if not paths:
        raise NotFound
    return paths
