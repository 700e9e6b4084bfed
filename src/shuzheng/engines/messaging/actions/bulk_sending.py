"""Sending a bulk batch by batch (分批群发)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.messaging import audiences, templates
from shuzheng.engines.messaging.copying import copy
from shuzheng.engines.messaging.models import Bulk, Delivery, Message
from shuzheng.engines.messaging.policies import SEND
from shuzheng.engines.messaging.sending import Task, announce, compose
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

#: Recipients of one batch: some tens of milliseconds of one transaction.
BATCH = 2000


class SendBatchInput(Input):
    """Which bulk, how many."""

    bulk_id: UUID
    size: int = Field(default=BATCH, ge=1, le=10_000)


class Batch(BaseModel):
    """What a batch did."""

    sent: int = 0
    deliveries: int = 0
    #: There may be more to send.
    more: bool = False


class SendBatch(Action[SendBatchInput, Batch]):
    """Send the next batch of a running bulk: messages, deliveries, counters and cursor in one transaction, or none of them.

    However often it is killed and started again, everybody gets the message once.
    """

    name = "messaging.send_batch"
    permission = SEND
    title = _("分批群发")

    def perform(self, actor: Actor, given: SendBatchInput) -> Batch:
        """Lock the bulk, which lets no second worker take the same people."""
        bulk = Bulk.objects.select_for_update().filter(pk=given.bulk_id, status=Bulk.Status.RUNNING).first()
        if bulk is None or not _due(bulk.send_at):
            return Batch()
        version = templates.find(bulk.template)
        recipients, cursor, skipped = audiences.batch(bulk, version.template.category, given.size)
        task = Task(
            version=version,
            values=bulk.values,
            topic=f"bulk:{bulk.pk}",
            link=bulk.link,
            department=bulk.department,
            bulk_id=bulk.pk,
        )
        messages, wordings = compose(task, recipients)
        copy(Message, messages)
        deliveries = announce(task, messages, wordings)
        copy(Delivery, deliveries)
        self._keep(bulk, cursor, len(messages), skipped, len(deliveries))
        return Batch(sent=len(messages), deliveries=len(deliveries), more=cursor is not None)

    def _keep(self, bulk: Bulk, cursor: UUID | None, sent: int, skipped: int, notices: int) -> None:
        """Move the cursor and the counters; close the bulk after its last batch."""
        changes = {
            "sent": F("sent") + sent,
            "skipped": F("skipped") + skipped,
            "notices": F("notices") + notices,
            "cursor": cursor or bulk.cursor,
            "moved_at": now(),
        }
        if cursor is None:
            changes |= {"status": Bulk.Status.DONE, "finished_at": now()}
            self.emit("messaging.bulk_finished", bulk.pk)
        Bulk.objects.filter(pk=bulk.pk).update(**changes)
        self.about(bulk, sent=sent, skipped=skipped)


def _due(moment: datetime | None) -> bool:
    return moment is None or moment <= now()
