"""Appointing officers to posts, ending it, and handing duties to a colleague for a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.identity import authority
from shuzheng.engines.identity.errors import AlreadyAppointed, AlreadyDelegated
from shuzheng.engines.identity.inputs import LimitedPeriod, Period
from shuzheng.engines.identity.models import Account, Appointment, Delegation, Officer, Person, Post
from shuzheng.engines.identity.models.account import Assurance
from shuzheng.engines.identity.policies import MANAGE_OFFICERS
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.id import new_id
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import today
from shuzheng.kernel.policy import OFFICER, may, require


class AppointOfficerInput(Period):
    """Who gets which post, and for how long."""

    person_id: UUID
    post_id: UUID
    #: Number on the service card; made up when the person is not yet an officer and none is given.
    number: str = Field(default="", max_length=40)


class AppointOfficer(Action[AppointOfficerInput, Appointment]):
    """Appoint a person to a post (任职); the first appointment makes the person an officer with an account.

    Raises AlreadyAppointed if the person holds the post in that time.
    """

    name = "identity.appoint_officer"
    permission = MANAGE_OFFICERS
    title = _("任命工作人员")

    def scope(self, actor: Actor, given: AppointOfficerInput) -> str:
        """Return the division of the post's unit."""
        return _post(given.post_id).unit.division_path

    def perform(self, actor: Actor, given: AppointOfficerInput) -> Appointment:
        """Create the officer if needed, and the appointment."""
        post = _post(given.post_id)
        officer = _officer(given)
        name = officer.person.name
        try:
            appointment = Appointment.objects.create(
                officer=officer, post=post, valid_from=given.valid_from, valid_to=given.valid_to
            )
        except IntegrityError as overlap:
            raise AlreadyAppointed(name=name, post=post.title) from overlap
        authority.changed([officer.account_id])
        self.about(appointment, post=post.code, unit=post.unit.code)
        self.emit("identity.officer_appointed", officer.pk, unit=str(post.unit_id), post=post.code)
        return appointment


class EndAppointmentInput(Input):
    """Which appointment ends, and on which day it ends."""

    appointment_id: UUID
    #: First day without the post.
    on: date = Field(default_factory=today)


class EndAppointment(Action[EndAppointmentInput, Appointment | None]):
    """End an appointment (免职); one that had not begun is removed."""

    name = "identity.end_appointment"
    permission = MANAGE_OFFICERS
    title = _("免去岗位")

    def scope(self, actor: Actor, given: EndAppointmentInput) -> str:
        """Return the division of the post's unit."""
        return _appointment(given.appointment_id).post.unit.division_path

    def perform(self, actor: Actor, given: EndAppointmentInput) -> Appointment | None:
        """Set the last day."""
        appointment = _appointment(given.appointment_id)
        self.about(appointment, post=appointment.post.code)
        authority.changed([appointment.officer.account_id])
        return end_on(appointment, given.on)

    @classmethod
    def recall(cls, summary: dict[str, Any] | None) -> Appointment | None:
        """Return the ended appointment again."""
        return Appointment.objects.filter(pk=summary["id"]).first() if summary else None


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


def end_on(period: Any, day: date) -> Any:
    """End a row with ``valid_from`` and ``valid_to`` before a day; one that had not begun is removed."""
    last = day - timedelta(days=1)
    if last < period.valid_from:
        period.delete()
        return None
    period.valid_to = min(last, period.valid_to or last)
    period.save(update_fields=["valid_to"])
    return period


def _post(post_id: UUID) -> Post:
    post = Post.objects.select_related("unit").filter(pk=post_id).first()
    if post is None:
        raise NotFound
    return post


def _appointment(appointment_id: UUID) -> Appointment:
    found = Appointment.objects.select_related("officer", "post__unit").filter(pk=appointment_id).first()
    if found is None:
        raise NotFound
    return found


def _in_service(officer_id: UUID) -> bool:
    return Officer.objects.filter(pk=officer_id).exclude(left_on__lte=today()).exists()


def _division_paths(officer_id: UUID | None) -> set[str]:
    """Return where an officer holds posts. Raises NotFound."""
    posts = Post.objects.filter(appointments__officer=officer_id).select_related("unit")
    paths = {post.unit.division_path for post in posts}
    if not paths:
        raise NotFound
    return paths


def _officer(given: AppointOfficerInput) -> Officer:
    """Return the person's officer, made with an account if there is none yet. Raises NotFound."""
    person = Person.objects.filter(pk=given.person_id).first()
    if person is None:
        raise NotFound
    officer = Officer.objects.select_related("person").filter(person=person).first()
    if officer is not None:
        return officer
    number = given.number or f"G{new_id().hex[-10:].upper()}"
    account = Account.objects.filter(person=person).first()
    if account is None:
        account = Account(username=number.lower(), person=person, assurance=Assurance.FACE_TO_FACE)
        account.set_unusable_password()
        account.save()
    return Officer.objects.create(person=person, account=account, number=number)
