"""Grant the use of a seal and take the grant back (精准授权)."""

from __future__ import annotations

from datetime import date
from ipaddress import ip_network
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field, StringConstraints

from shuzheng.engines.documents.seals.errors import KeySealStanding, NoSuchSeal, WrongState
from shuzheng.engines.documents.seals.models import Seal, SealGrant, SealState
from shuzheng.engines.documents.seals.policies import MANAGE
from shuzheng.engines.identity.models import Application, Officer, OrgUnit
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

Code = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class GrantSealInput(Input):
    """Who may use which seal for what, from when to when, how often, from where."""

    seal_id: UUID
    officer_id: UUID | None = None
    unit_id: UUID | None = None
    post_code: str = Field(default="", max_length=40)
    application_id: UUID | None = None
    process: bool = False
    item_codes: list[Code] = Field(default=[], max_length=200)
    document_kinds: list[Code] = Field(min_length=1, max_length=50)
    valid_from: date
    valid_to: date
    most_uses: int | None = Field(default=None, ge=1, le=1_000_000)
    networks: list[Code] = Field(default=[], max_length=20)
    place: str = Field(default="", max_length=100)
    standing: bool = False
    reason: str = Field(min_length=2, max_length=200)


class GrantSeal(Action[GrantSealInput, SealGrant]):
    """Authorise exactly one officer, post, application or the processes. Raises InvalidInput, KeySealStanding, NoSuchSeal."""

    name = "documents.grant_seal"
    permission = MANAGE
    title = _("授权用印")

    def scope(self, actor: Actor, given: GrantSealInput) -> str:
        """Ask for the permission in the seal's division."""
        found = Seal.objects.filter(pk=given.seal_id).values_list("division_path", flat=True).first()
        if found is None:
            raise NoSuchSeal
        return str(found)

    def check(self, actor: Actor, given: GrantSealInput) -> None:
        """Refuse what makes no sense."""
        problems = list(_problems(given))
        if problems:
            raise InvalidInput(*problems)

    def perform(self, actor: Actor, given: GrantSealInput) -> SealGrant:
        """Write the grant."""
        seal = Seal.objects.select_for_update().get(pk=given.seal_id)
        if seal.state == SealState.REVOKED:
            raise WrongState(state=SealState(seal.state).label)
        if seal.key_seal and (given.standing or given.application_id or given.process):
            raise KeySealStanding
        standing = given.standing or given.process or given.application_id is not None
        grant = SealGrant.objects.create(
            **{**given.model_dump(), "standing": standing}, granted_by_id=actor.officer_id, created_at=now()
        )
        self.about(grant, seal=seal.code)
        return grant


class RevokeSealGrantInput(Input):
    """Which grant."""

    grant_id: UUID


class RevokeSealGrant(Action[RevokeSealGrantInput, SealGrant]):
    """Take a grant back at once; requests approved under it can no longer be stamped. Raises NotFound."""

    name = "documents.revoke_seal_grant"
    permission = MANAGE
    title = _("收回用印授权")

    def scope(self, actor: Actor, given: RevokeSealGrantInput) -> str:
        """Ask for the permission in the seal's division."""
        found = SealGrant.objects.filter(pk=given.grant_id).values_list("seal__division_path", flat=True).first()
        if found is None:
            raise NotFound
        return str(found)

    def perform(self, actor: Actor, given: RevokeSealGrantInput) -> SealGrant:
        """Take it back; doing so twice changes nothing."""
        grant = SealGrant.objects.select_for_update().get(pk=given.grant_id)
        if grant.revoked_at is None:
            grant.revoked_at = now()
            grant.save(update_fields=["revoked_at"])
        self.about(grant)
        return grant


def _problems(given: GrantSealInput) -> list[FieldProblem]:
    found = []
    if (
        sum([given.officer_id is not None, given.unit_id is not None, given.application_id is not None, given.process])
        != 1
    ):
        found.append(
            FieldProblem("officer_id", str(_("请选择一个被授权对象：一位人员、一个岗位、一个应用或系统自动用印。")))
        )
    if (given.unit_id is None) != (not given.post_code):
        found.append(FieldProblem("post_code", str(_("授权给岗位时，单位和岗位都要选择。"))))
    if given.valid_to < given.valid_from:
        found.append(FieldProblem("valid_to", str(_("截止日期不能早于开始日期。"))))
    if not all(_is_network(network) for network in given.networks):
        found.append(FieldProblem("networks", str(_("网段格式不对，应如 10.36.7.0/24。"))))
    if not _known(given):
        found.append(FieldProblem("officer_id", str(_("没有找到被授权对象，请重新选择。"))))
    return found


def _known(given: GrantSealInput) -> bool:
    chosen = ((Officer, given.officer_id), (OrgUnit, given.unit_id), (Application, given.application_id))
    return all(model._default_manager.filter(pk=pk).exists() for model, pk in chosen if pk is not None)


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True
