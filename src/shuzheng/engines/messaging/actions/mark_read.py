"""Mark messages as read (标为已读)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.messaging import queries
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN


class MarkReadInput(Input):
    """Which messages."""

    #: None for all of them.
    message_ids: list[UUID] | None = Field(default=None, max_length=100)


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
