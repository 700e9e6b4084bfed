"""Giving, asking for, accepting, confirming and ending the right to act for another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.identity import authority
from shuzheng.engines.identity.errors import MandateStateChanged, NoSuchPerson
from shuzheng.engines.identity.inputs import IdNumber, ItemCodes, LimitedPeriod, Name, Period
from shuzheng.engines.identity.models import Account, Kinship, LegalPerson, Mandate, Person
from shuzheng.engines.identity.models.account import Assurance
from shuzheng.engines.identity.models.mandate import ALL_ITEMS
from shuzheng.engines.identity.policies import CONFIRM_IDENTITY
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import kinds, published_body
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN, may

Status = Mandate.Status


class GrantMandateInput(LimitedPeriod):
    """Whom one allows to act, for what and how long."""

    operator_name: Name
    operator_id_number: IdNumber = Field(min_length=18)
    relation: Kinship.Relation
    items: ItemCodes = ["*"]


class GrantMandate(Action[GrantMandateInput, Mandate]):
    """Allow a relative to act for oneself (授权亲属代办); it takes effect when the relative accepts.

    Raises NoSuchPerson if name and id number are not those of one known person.
    """

    name = "identity.grant_mandate"
    permission = SIGNED_IN
    assurance = Assurance.REAL_NAME
    title = _("授权他人代办")

    def perform(self, actor: Actor, given: GrantMandateInput) -> Mandate:
        """Offer the mandate."""
        operator = find_person(given.operator_name, given.operator_id_number, "operator_id_number", actor)
        return _create(
            self,
            kind=Mandate.Kind.RELATIVE,
            grantor_person_id=actor.person_id,
            operator=operator,
            relation=given.relation,
            status=Status.OFFERED,
            **_extent(given),
        )


class AuthoriseOperatorInput(LimitedPeriod):
    """Whom a firm allows to act, for what and how long."""

    firm_id: UUID
    operator_name: Name
    operator_id_number: IdNumber = Field(min_length=18)
    items: ItemCodes = ["*"]


class AuthoriseOperator(Action[AuthoriseOperatorInput, Mandate]):
    """Allow a person to act for a firm (授权经办人); only the firm's legal representative may.

    It takes effect when the operator accepts. Raises NotPermitted, NoSuchPerson.
    """

    name = "identity.authorise_operator"
    permission = SIGNED_IN
    assurance = Assurance.REAL_NAME
    title = _("授权企业经办人")

    def check(self, actor: Actor, given: AuthoriseOperatorInput) -> None:
        """Refuse everybody but the legal representative."""
        own = LegalPerson.objects.filter(pk=given.firm_id, representative_id=actor.person_id)
        if actor.person_id is None or not own.exists():
            raise NotPermitted(_("只有法定代表人可以为企业授权经办人，没有建立授权。"))

    def perform(self, actor: Actor, given: AuthoriseOperatorInput) -> Mandate:
        """Offer the mandate."""
        operator = find_person(given.operator_name, given.operator_id_number, "operator_id_number", actor)
        return _create(
            self,
            kind=Mandate.Kind.OPERATOR,
            grantor_legal_id=given.firm_id,
            operator=operator,
            status=Status.OFFERED,
            **_extent(given),
        )


class RequestMandateInput(Period):
    """For whom one asks to act, as what, and what proves it."""

    grantor_name: Name
    grantor_id_number: IdNumber = Field(min_length=18)
    relation: Kinship.Relation
    evidence: str = Field(default="", max_length=500)
    items: ItemCodes = ["*"]


class RequestMandate(Action[RequestMandateInput, Mandate]):
    """Ask to act for a relative or a ward (申请代办).

    It takes effect when the person agrees, or when an officer at the window confirms it from documents. A guardian
    whom the register knows needs no further confirmation (民法典 §23, §34). Only guardians may leave the end open.
    Raises NoSuchPerson.
    """

    name = "identity.request_mandate"
    permission = SIGNED_IN
    assurance = Assurance.REAL_NAME
    title = _("申请为他人代办")

    def perform(self, actor: Actor, given: RequestMandateInput) -> Mandate:
        """Request the mandate, or put a registered guardian's in force."""
        grantor = find_person(given.grantor_name, given.grantor_id_number, "grantor_id_number", actor)
        guardian = given.relation == Kinship.Relation.GUARDIAN
        if given.valid_to is None and not guardian:
            raise InvalidInput(FieldProblem("valid_to", gettext("请选择截止日期。")))
        known = Kinship.objects.filter(person=grantor, relative_id=actor.person_id, relation=given.relation).first()
        proved = guardian and known is not None
        mandate = _create(
            self,
            kind=Mandate.Kind.GUARDIAN if guardian else Mandate.Kind.RELATIVE,
            grantor_person=grantor,
            operator_id=actor.person_id,
            relation=given.relation,
            evidence=known.source if known else given.evidence,
            status=Status.ACTIVE if proved else Status.REQUESTED,
            confirmed_at=now() if proved else None,
            **_extent(given),
        )
        if proved:
            _authority_changed(mandate)
        return mandate


class MandateInput(Input):
    """Which mandate."""

    mandate_id: UUID


class AcceptMandate(Action[MandateInput, Mandate]):
    """Agree to a mandate that the other side proposed (接受授权): the operator to an offer, the person to a request.

    Raises NotPermitted for anybody else, MandateStateChanged when it is no longer waiting.
    """

    name = "identity.accept_mandate"
    permission = SIGNED_IN
    assurance = Assurance.REAL_NAME
    title = _("接受授权")

    def perform(self, actor: Actor, given: MandateInput) -> Mandate:
        """Put the mandate in force."""
        mandate = _locked(given.mandate_id, actor)
        if mandate.status not in (Status.OFFERED, Status.REQUESTED):
            raise MandateStateChanged
        asked = mandate.operator_id if mandate.status == Status.OFFERED else mandate.grantor_person_id
        if actor.person_id != asked:
            raise NotPermitted
        return _put_in_force(self, mandate)


class ConfirmMandateInput(MandateInput):
    """What the officer saw."""

    evidence: str = Field(min_length=2, max_length=500)


class ConfirmMandate(Action[ConfirmMandateInput, Mandate]):
    """Put a requested mandate in force from documents shown at the window (窗口确认代办关系).

    For persons who have no account themselves. Raises MandateStateChanged; NotPermitted to whom it concerns.
    """

    name = "identity.confirm_mandate"
    permission = CONFIRM_IDENTITY
    title = _("窗口确认代办关系")

    def perform(self, actor: Actor, given: ConfirmMandateInput) -> Mandate:
        """Record the evidence and put the mandate in force."""
        mandate = Mandate.objects.select_for_update().filter(pk=given.mandate_id).first()
        if mandate is None:
            raise NotFound
        if mandate.status != Status.REQUESTED:
            raise MandateStateChanged
        if actor.person_id in (mandate.operator_id, mandate.grantor_person_id):
            raise NotPermitted(_("不能确认与本人有关的代办关系，请由其他工作人员办理。"))
        mandate.evidence = given.evidence
        return _put_in_force(self, mandate)


class RevokeMandate(Action[MandateInput, Mandate]):
    """End a mandate at once (撤销授权), or decline one that is waiting; either side may, and an officer at the window.

    Raises MandateStateChanged when it has ended already.
    """

    name = "identity.revoke_mandate"
    permission = SIGNED_IN
    title = _("撤销授权")

    def perform(self, actor: Actor, given: MandateInput) -> Mandate:
        """End the mandate; the operator's sessions notice at their next request."""
        mandate = _locked(given.mandate_id, actor)
        if mandate.status in (Status.DECLINED, Status.REVOKED):
            raise MandateStateChanged
        was_active = mandate.status == Status.ACTIVE
        mandate.status = Status.REVOKED if was_active else Status.DECLINED
        mandate.ended_by_id, mandate.ended_at = actor.account_id, now()
        mandate.save(update_fields=["status", "ended_by", "ended_at"])
        _authority_changed(mandate)
        self.about(mandate, status=mandate.status)
        self.emit(f"identity.mandate_{'revoked' if was_active else 'declined'}", mandate.pk, **_facts(mandate))
        return mandate


def find_person(name: str, id_number: str, path: str, actor: Actor) -> Person:
    """Return the other person of a mandate. Raises NoSuchPerson, or InvalidInput if it is the actor's own."""
    person = Person.objects.by_id_number(id_number)
    if person is None or person.name != name:
        raise NoSuchPerson
    if person.pk == actor.person_id:
        raise InvalidInput(FieldProblem(path, gettext("不需要授权本人，请填写另一个人的证件号码。")))
    return person


def _extent(given: Any) -> dict[str, Any]:
    """Return scope and dates for the row. Raises InvalidInput for a service item that is not published."""
    unknown = [code for code in given.items if code != ALL_ITEMS and published_body("service_item", code) is None]
    if unknown and "service_item" in kinds():
        raise InvalidInput(FieldProblem("items", gettext("没有编码为“{code}”的事项，请核对。").format(code=unknown[0])))
    return {"items": list(given.items), "valid_from": given.valid_from, "valid_to": given.valid_to}


def _create(action: Action[Any, Mandate], **facts: Any) -> Mandate:
    mandate = Mandate.objects.create(created_by_id=action.actor.account_id, **facts)
    action.about(mandate, kind=mandate.kind, status=mandate.status)
    action.emit(f"identity.mandate_{mandate.status}", mandate.pk, **_facts(mandate))
    return mandate


def _put_in_force(action: Action[Any, Mandate], mandate: Mandate) -> Mandate:
    mandate.status = Status.ACTIVE
    mandate.confirmed_by_id, mandate.confirmed_at = action.actor.account_id, now()
    mandate.save(update_fields=["status", "confirmed_by", "confirmed_at", "evidence"])
    _authority_changed(mandate)
    action.about(mandate, status=mandate.status)
    action.emit("identity.mandate_active", mandate.pk, **_facts(mandate))
    return mandate


def _locked(mandate_id: UUID, actor: Actor) -> Mandate:
    """Return a mandate that concerns the actor, locked. Raises NotFound."""
    mandate = (
        Mandate.objects.select_for_update(of=("self",)).select_related("grantor_legal").filter(pk=mandate_id).first()
    )
    if mandate is None:
        raise NotFound
    firm = mandate.grantor_legal
    concerned = {mandate.operator_id, mandate.grantor_person_id, firm and firm.representative_id} - {None}
    if actor.person_id not in concerned and not may(actor, CONFIRM_IDENTITY):
        raise NotFound
    return mandate


def _authority_changed(mandate: Mandate) -> None:
    authority.changed(Account.objects.filter(person=mandate.operator_id).values_list("pk", flat=True))


def _facts(mandate: Mandate) -> dict[str, str]:
    return {
        "kind": mandate.kind,
        "operator": str(mandate.operator_id),
        "grantor": str(mandate.grantor_id),
    }
