"""Notices that other systems hand in (通知提交): told at once or later, each once, answered for each recipient."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, BaseModel, Field, model_validator

from shuzheng.engines.identity.models import Application, Person
from shuzheng.engines.identity.models.person import digest
from shuzheng.engines.messaging import templates
from shuzheng.engines.messaging.actions.send_message import LINK, SendMessage
from shuzheng.engines.messaging.models import Delivery, Notice
from shuzheng.engines.messaging.policies import SUBMIT, TEXT
from shuzheng.kernel import metering
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import may_with, require

MOST_RECIPIENTS = 500


class RecipientInput(Input):
    """Somebody by id number, or a bare mobile number where the application may use those."""

    id_number: str = Field(default="", pattern=r"^(\d{17}[\dX])?$")
    mobile: str = Field(default="", pattern=r"^(1[3-9]\d{9})?$")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if bool(self.id_number) == bool(self.mobile):
            raise ValueError(_("公民身份号码和手机号须填且只填一个。"))
        return self


class SubmitNoticeInput(Input):
    """A notice of another system."""

    #: Chosen by the system; the same one is taken once.
    reference: str = Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9._:-]+$")
    template: str = Field(max_length=120)
    values: dict[str, str] = {}
    recipients: list[RecipientInput] = Field(min_length=1, max_length=MOST_RECIPIENTS)
    link: str = Field(default="", max_length=300, pattern=LINK)
    send_at: AwareDatetime | None = None


class Taken(BaseModel):
    """What became of handing a notice in."""

    accepted: int
    #: Places in the list of recipients whom the platform does not know.
    unknown: list[int]


class SubmitNotice(Action[SubmitNoticeInput, Taken]):
    """Take a notice of the connected application that acts and tell its recipients now or at the time asked for (提交通知).

    A reference that was taken before changes nothing and is answered as the first time. Raises NotPermitted for a template
    or a bare number that the application may not use, LimitExceeded, NoSuchTemplate, ValuesDisagree.
    """

    name = "messaging.submit_notice"
    permission = SUBMIT
    title = _("提交通知")

    def check(self, actor: Actor, given: SubmitNoticeInput) -> None:
        """Refuse whoever is no application, and let one that hands in the same notice twice at once wait for itself."""
        if not Application.objects.select_for_update(no_key=True).filter(pk=actor.application_id).exists():
            raise NotPermitted

    def cost(self, actor: Actor, given: SubmitNoticeInput) -> int:
        """Return the recipients; nothing for a notice that was taken before."""
        return 0 if _known(actor, given).exists() else len(given.recipients)

    def perform(self, actor: Actor, given: SubmitNoticeInput) -> Taken:
        """Tell each recipient."""
        known = list(_known(actor, given).order_by("number"))
        if known:
            return _answer(known)
        _require_allowed(actor, given)
        application = Application.objects.select_related("unit").get(pk=actor.application_id)
        wanted = len(given.recipients)
        people = _people(given.recipients)
        rows = [
            self._tell(application, given, number, recipient, people)
            for number, recipient in enumerate(given.recipients)
        ]
        Notice.objects.bulk_create(rows)
        self.about(application, key=given.reference, recipients=wanted)
        return _answer(rows)

    def _tell(
        self,
        application: Application,
        given: SubmitNoticeInput,
        number: int,
        recipient: RecipientInput,
        people: dict[str, UUID],
    ) -> Notice:
        row = Notice(application=application, key=given.reference, number=number)
        person = people.get(recipient.id_number)
        if person is not None:
            row.message = SendMessage.do(
                Actor.system("messaging"),
                template=given.template,
                recipient_person=person,
                values=given.values,
                link=given.link,
                topic=f"app:{application.code}:{given.reference}"[:120],
                department=application.unit.code,
                send_at=given.send_at,
            )
        elif recipient.mobile:
            row.delivery = self._text(application, given, recipient.mobile)
        else:
            row.refused = "unknown-recipient"
        return row

    def _text(self, application: Application, given: SubmitNoticeInput, mobile: str) -> Delivery:
        """Queue an SMS to a bare number; it carries no personal data."""
        template = templates.find(given.template).template
        delivery = Delivery.objects.create(
            channel="sms",
            to=mobile,
            title=template.title,
            text=templates.word(template, given.values).notice,
            department=application.unit.code,
            due_at=given.send_at or now(),
        )
        self.emit("messaging.notice_queued", delivery.pk)
        return delivery


def _known(actor: Actor, given: SubmitNoticeInput) -> QuerySet[Notice]:
    return Notice.objects.filter(application_id=actor.application_id, key=given.reference)


def _require_allowed(actor: Actor, given: SubmitNoticeInput) -> None:
    """Refuse what the application was not granted, and count bare numbers on their own. Raises NotPermitted, TooMany."""
    if not may_with(actor, SUBMIT, given.template):
        raise NotPermitted
    bare = sum(1 for recipient in given.recipients if recipient.mobile)
    if bare:
        require(actor, TEXT)
        metering.spend(actor, TEXT, bare)
    templates.check_values(templates.find(given.template).template, given.values)


def _people(recipients: list[RecipientInput]) -> dict[str, UUID]:
    """Return the persons of id numbers, in one statement."""
    indexes = {digest("id_index", r.id_number): r.id_number for r in recipients if r.id_number}
    found = Person.objects.filter(id_index__in=indexes).values_list("id_index", "pk")
    return {indexes[index]: pk for index, pk in found}


def _answer(rows: list[Notice]) -> Taken:
    unknown = [row.number for row in rows if row.refused == "unknown-recipient"]
    return Taken(accepted=len(rows) - len(unknown), unknown=unknown)
