"""Send a message (发送消息)."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator

from shuzheng.engines.messaging import templates
from shuzheng.engines.messaging.models import ContactAddress, Delivery, Message
from shuzheng.engines.messaging.policies import SEND
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input


class SendMessageInput(Input):
    """What to tell whom."""

    #: Code of the template.
    template: str = Field(max_length=120)
    recipient_person: UUID | None = None
    recipient_account: UUID | None = None
    #: Fills the template's placeholders.
    values: dict[str, str] = {}
    #: Path on this site.
    link: str = Field(default="", max_length=300, pattern=r"^(/([^/\\].*)?)?$")
    case_id: UUID | None = None
    #: What is told, e.g. ``case:<id>:supplement:1``; the same topic reaches the same recipient once.
    topic: str = Field(min_length=1, max_length=120)

    @model_validator(mode="after")
    def _has_recipient(self) -> Self:
        if (self.recipient_person is None) == (self.recipient_account is None):
            raise ValueError(_("收件人和收件账户须填且只填一个。"))
        return self


class SendMessage(Action[SendMessageInput, Message]):
    """Put a message into an inbox, and announce it where the person gave an address.

    Telling the same person the same thing again returns the first message. Raises NoSuchTemplate or ValuesDisagree.
    """

    name = "messaging.send_message"
    permission = SEND
    title = _("发送消息")

    def perform(self, actor: Actor, given: SendMessageInput) -> Message:
        """Word and store the message; deliveries follow in a job."""
        template = templates.find(given.template)
        wording = templates.word(template, given.values)
        message, fresh = Message.objects.get_or_create(
            key=f"{given.topic}|{given.recipient_person or given.recipient_account}",
            defaults={
                "recipient_person_id": given.recipient_person,
                "recipient_account_id": given.recipient_account,
                "template": template.code,
                "subject": wording.subject,
                "body": wording.body,
                "link": given.link,
                "case_id": given.case_id,
            },
        )
        self.about(message, case_id=given.case_id, template=template.code, fresh=fresh)
        if fresh and given.recipient_person and template.channels:
            self._announce(message, given.recipient_person, list(template.channels), wording)
        return message

    def _announce(self, message: Message, person: UUID, channels: list[str], wording: templates.Wording) -> None:
        addresses = ContactAddress.objects.filter(person_id=person, channel__in=channels)
        deliveries = Delivery.objects.bulk_create(
            Delivery(message=message, address=address, channel=address.channel, text=wording.notice)
            for address in addresses
        )
        if deliveries:
            self.emit("messaging.message_announced", subject=message.pk)
