"""What people do with their own messages: read, deal with, delete, put back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.messaging import queries
from shuzheng.engines.messaging.models import Message
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN


class MarkReadInput(Input):
    """Which messages."""

    #: None for all of them.
    message_ids: list[UUID] | None = Field(default=None, max_length=100)


class OwnMessagesInput(Input):
    """Which of one's own messages."""

    message_ids: list[UUID] = Field(min_length=1, max_length=100)


class MarkRead(Action[MarkReadInput, None]):
    """Mark messages of one's own inbox as read; others' are left alone."""

    name = "messaging.mark_read"
    permission = SIGNED_IN
    title = _("标为已读")

    def perform(self, actor: Actor, given: MarkReadInput) -> None:
        """Keep the first time of reading."""
        unread = queries.messages_of(actor).filter(read_at=None)
        if given.message_ids is not None:
            unread = unread.filter(pk__in=given.message_ids)
        self.about(count=unread.update(read_at=now()))


class _OnOwnMessages(Action[OwnMessagesInput, None]):
    """Base of what changes some of one's own messages; others' are left alone."""

    def among(self, actor: Actor) -> QuerySet[Message]:
        """Return the messages that may be changed so."""
        return queries.messages_of(actor)

    def change(self) -> dict[str, Any]:
        """Return the new values."""
        raise NotImplementedError

    def perform(self, actor: Actor, given: OwnMessagesInput) -> None:
        """Change them."""
        self.about(count=self.among(actor).filter(pk__in=given.message_ids).update(**self.change()))


class HideMessages(_OnOwnMessages):
    """Delete messages from one's own inbox (删除消息); they can be put back, and the sender's record stays."""

    name = "messaging.hide_messages"
    permission = SIGNED_IN
    title = _("删除消息")

    def change(self) -> dict[str, Any]:
        """Hide and count as read."""
        return {"hidden_at": now()}


class RestoreMessages(_OnOwnMessages):
    """Put deleted messages back into one's own inbox (恢复消息)."""

    name = "messaging.restore_messages"
    permission = SIGNED_IN
    title = _("恢复消息")

    def among(self, actor: Actor) -> QuerySet[Message]:
        """Return the deleted ones."""
        return queries.hidden_of(actor)

    def change(self) -> dict[str, Any]:
        """Show again."""
        return {"hidden_at": None}


class MarkDone(_OnOwnMessages):
    """Say that what a message asks for is done (标为已处理)."""

    name = "messaging.mark_done"
    permission = SIGNED_IN
    title = _("标为已处理")

    def among(self, actor: Actor) -> QuerySet[Message]:
        """Return those that still ask for something."""
        return queries.messages_of(actor).filter(asks=True, done_at=None)

    def change(self) -> dict[str, Any]:
        """Keep when."""
        return {"done_at": now()}
