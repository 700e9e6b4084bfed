"""Send a message (发送消息), now or later; take back one that has not gone out."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, Field, model_validator

from shuzheng.engines.messaging import templates
from shuzheng.engines.messaging.errors import NoSuchMessage, TooLate
from shuzheng.engines.messaging.models import Delivery, Message
from shuzheng.engines.messaging.policies import SEND
from shuzheng.engines.messaging.sending import Recipient, Task, announce, compose
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

#: A path on this site.
LINK = r"^(/([^/\\].*)?)?$"


class SendMessageInput(Input):
    """What to tell whom."""

    #: Code of the template.
    template: str = Field(max_length=120)
    recipient_person: UUID | None = None
    recipient_account: UUID | None = None
    #: Fills the template's placeholders.
    values: dict[str, str] = {}
    #: Path on this site.
    link: str = Field(default="", max_length=300, pattern=LINK)
    case_id: UUID | None = None
    #: What is told, e.g. ``case:<id>:supplement:1``; the same topic reaches the same recipient once.
    topic: str = Field(min_length=1, max_length=120)
    #: Code of the unit that sends, whose budget it is charged to; empty for the platform.
    department: str = Field(default="", max_length=80)
    #: Not in the inbox, and nobody told, before this moment.
    send_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _has_recipient(self) -> Self:
        if (self.recipient_person is None) == (self.recipient_account is None):
            raise ValueError(_("收件人和收件账户须填且只填一个。"))
        return self


class SendMessage(Action[SendMessageInput, Message]):
    """Put a message into an inbox, and announce it where the person wants to be told.

    Telling the same person the same thing again returns the first message. Raises NoSuchTemplate or ValuesDisagree.
    """

    name = "messaging.send_message"
    permission = SEND
    title = _("发送消息")

    def perform(self, actor: Actor, given: SendMessageInput) -> Message:
        """Word and store the message; deliveries follow in a job."""
        task = Task(
            version=templates.find(given.template),
            values=given.values,
            topic=given.topic,
            link=given.link,
            case_id=given.case_id,
            department=given.department,
            send_at=_later(given.send_at),
        )
        composed, wordings = compose(task, [Recipient(given.recipient_person, given.recipient_account)])
        message = composed[0]
        Message.objects.bulk_create(composed, ignore_conflicts=True)
        known = Message.objects.get(key=message.key)
        fresh = known.pk == message.pk
        self.about(known, case_id=given.case_id, template=given.template, fresh=fresh)
        if fresh:
            found = Delivery.objects.bulk_create(announce(task, composed, wordings))
            if found:
                # What must wait is found by the dispatcher when its time has come.
                self.emit("messaging.message_announced", subject=message.pk)
        return known


def _later(moment: datetime | None) -> datetime | None:
    """Return a moment that is still to come; one that has passed means now."""
    return moment if moment and moment > now() else None


class CancelMessageInput(Input):
    """Which message."""

    message_id: UUID


class CancelMessage(Action[CancelMessageInput, None]):
    """Take back a scheduled message that nobody has seen yet (取消定时消息). Raises NoSuchMessage, TooLate."""

    name = "messaging.cancel_message"
    permission = SEND
    title = _("取消定时消息")

    def perform(self, actor: Actor, given: CancelMessageInput) -> None:
        """Remove it with everything that was to announce it; the audit keeps that it was there."""
        message = Message.objects.select_for_update().filter(pk=given.message_id).first()
        if message is None:
            raise NoSuchMessage
        if message.created_at <= now():
            raise TooLate
        self.about(message, template=message.template, send_at=message.created_at.isoformat())
        message.delete()
