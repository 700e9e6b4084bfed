"""Appointing officers to posts (任职), and ending it (免职)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.identity import authority
from shuzheng.engines.identity.errors import AlreadyAppointed
from shuzheng.engines.identity.inputs import Period
from shuzheng.engines.identity.models import Account, Appointment, Officer, Person, Post
from shuzheng.engines.identity.models.account import Assurance
from shuzheng.engines.identity.periods import end_on
from shuzheng.engines.identity.policies import MANAGE_OFFICERS
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.id import new_id
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import today


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
