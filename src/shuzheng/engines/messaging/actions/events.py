"""Events queued for the receivers of connected applications (推送事件)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from shuzheng.engines.messaging import webhooks
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import EVERYTHING, Actor
from shuzheng.kernel.input import Input


class QueueWebhooksInput(Input):
    """An event, in its envelope."""

    event: dict[str, Any]


class Queued(BaseModel):
    """How many systems are told."""

    count: int


class QueueWebhooks(Action[QueueWebhooksInput, Queued]):
    """Queue an event for every system that wants it; again, nothing is queued twice."""

    name = "messaging.queue_webhooks"
    permission = EVERYTHING
    title = _("推送事件")

    def perform(self, actor: Actor, given: QueueWebhooksInput) -> Queued:
        """Insert what is not there yet."""
        count = webhooks.queue(given.event)
        self.about(event=given.event["type"], count=count)
        return Queued(count=count)
