"""Proposing that one may act for another: offered to a relative or an operator, or asked of a person (授权与代办)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.identity.inputs import IdNumber, ItemCodes, LimitedPeriod, Name, Period
from shuzheng.engines.identity.mandating import authority_changed, extent, find_person, propose
from shuzheng.engines.identity.models import Kinship, LegalPerson, Mandate
from shuzheng.engines.identity.models.account import Assurance
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotPermitted
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN

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
        return propose(
            self,
            kind=Mandate.Kind.RELATIVE,
            grantor_person_id=actor.person_id,
            operator=operator,
            relation=given.relation,
            status=Status.OFFERED,
            **extent(given),
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
        return propose(
            self,
            kind=Mandate.Kind.OPERATOR,
            grantor_legal_id=given.firm_id,
            operator=operator,
            status=Status.OFFERED,
            **extent(given),
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
        mandate = propose(
            self,
            kind=Mandate.Kind.GUARDIAN if guardian else Mandate.Kind.RELATIVE,
            grantor_person=grantor,
            operator_id=actor.person_id,
            relation=given.relation,
            evidence=known.source if known else given.evidence,
            status=Status.ACTIVE if proved else Status.REQUESTED,
            confirmed_at=now() if proved else None,
            **extent(given),
        )
        if proved:
            authority_changed(mandate)
        return mandate
