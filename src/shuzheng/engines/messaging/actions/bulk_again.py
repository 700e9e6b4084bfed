"""Sending again what of a bulk did not arrive (重发未到达)."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from shuzheng.engines.messaging import bulks
from shuzheng.engines.messaging.actions.bulk_life import BulkInput
from shuzheng.engines.messaging.models import Bulk, Delivery
from shuzheng.engines.messaging.models.delivery import DeliveryStatus
from shuzheng.engines.messaging.policies import BULK
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now

#: Failures that one act sends again; the same act goes on with the next.
MOST = 2000


class SentAgain(BaseModel):
    """How many notices go out once more."""

    count: int
    more: bool


class ResendBulk(Action[BulkInput, SentAgain]):
    """Send again what of a bulk failed or did not arrive (重发未到达). Raises NotFound for whoever does not see it too.

    What no provider took goes out under its own number, which lets them recognise a repetition. What a provider took
    without its arriving goes out under a new one, charged to the day's budget; the first try stays on record.
    """

    name = "messaging.resend_bulk"
    permission = BULK
    title = _("重发未到达的通知")

    def perform(self, actor: Actor, given: BulkInput) -> SentAgain:
        """Queue them, a bounded number at a time."""
        bulk = bulks.bulk(actor, given.bulk_id)
        failed = Delivery.objects.select_for_update(skip_locked=True).filter(
            bulk_id=bulk.pk, status__in=[DeliveryStatus.FAILED, DeliveryStatus.UNDELIVERED]
        )
        found = list(failed.order_by("pk")[:MOST])
        taken = [delivery for delivery in found if delivery.status == DeliveryStatus.UNDELIVERED]
        untaken = [delivery.pk for delivery in found if delivery.status == DeliveryStatus.FAILED]
        Delivery.objects.filter(pk__in=untaken).update(status=DeliveryStatus.PENDING, attempts=1, due_at=now())
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in taken]).update(
            status=DeliveryStatus.GIVEN_UP, note=str(_("已重发"))
        )
        Delivery.objects.bulk_create([_anew(delivery) for delivery in taken], batch_size=500)
        Bulk.objects.filter(pk=bulk.pk).update(failed=F("failed") - len(found), told=F("told") - len(taken))
        self.about(bulk, count=len(found))
        if found:
            self.emit("messaging.notice_queued", found[0].pk)
            self.emit("messaging.retry_queued", found[0].pk)
        return SentAgain(count=len(found), more=len(found) == MOST)


def _anew(delivery: Delivery) -> Delivery:
    """Return a delivery of the same notice that nobody has tried yet."""
    same = ("message_id", "channel", "to", "title", "text", "department", "bulk_id")
    return Delivery(id=new_id(), due_at=now(), **{name: getattr(delivery, name) for name in same})
