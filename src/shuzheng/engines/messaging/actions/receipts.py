"""What providers report later of notices they took (送达回执)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, BaseModel, Field

from shuzheng.engines.messaging.counting import count, progress
from shuzheng.engines.messaging.models import Delivery
from shuzheng.engines.messaging.models.delivery import DeliveryStatus
from shuzheng.engines.messaging.policies import SEND
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input

PENDING, SENT = DeliveryStatus.PENDING, DeliveryStatus.SENT


class ReceiptInput(Input):
    """One receipt of a provider."""

    #: The provider's name for it, or the delivery's own id.
    reference: str = Field(max_length=80)
    delivered: bool
    at: AwareDatetime
    reason: str = Field(default="", max_length=200)


class RecordReceiptsInput(Input):
    """Receipts of one provider."""

    provider: str = Field(max_length=40)
    receipts: list[ReceiptInput] = Field(max_length=1000)


class Known(BaseModel):
    """Which receipts were of deliveries that we know, in the order given."""

    known: list[bool]


class RecordReceipts(Action[RecordReceiptsInput, Known]):
    """Note what providers report of notices they took (送达回执); the first receipt of a notice counts, a second changes nothing."""

    name = "messaging.record_receipts"
    permission = SEND
    title = _("记录回执")

    def perform(self, actor: Actor, given: RecordReceiptsInput) -> Known:
        """Match receipts by the provider's reference or by our id, and count what arrived."""
        found = _matched(given)
        facts, bulks = [], []
        for receipt in given.receipts:
            delivery = found.get(receipt.reference)
            if delivery is None or delivery.status not in (SENT, PENDING):
                continue
            place = delivery.department, delivery.channel
            if delivery.status == PENDING:  # the receipt was quicker than our note that it went out
                delivery.sent_at, delivery.provider = delivery.sent_at or receipt.at, given.provider
                facts.append((*place, "sent"))
                bulks.append((delivery, "told", 1))
            delivery.status = DeliveryStatus.DELIVERED if receipt.delivered else DeliveryStatus.UNDELIVERED
            delivery.receipt_at, delivery.reason = receipt.at, receipt.reason
            facts.append((*place, "delivered" if receipt.delivered else "failed"))
            bulks.append((delivery, "arrived" if receipt.delivered else "failed", 1))
        changed = list({delivery.pk: delivery for delivery in found.values()}.values())
        if changed:
            Delivery.objects.bulk_update(changed, ["status", "receipt_at", "reason", "sent_at", "provider"])
        count(facts)
        progress(bulks)
        self.about(provider=given.provider, known=len(changed), counted=len(facts))
        return Known(known=[receipt.reference in found for receipt in given.receipts])


def _matched(given: RecordReceiptsInput) -> dict[str, Delivery]:
    """Return the deliveries that receipts are about, locked, by the reference that the receipt gives."""
    wanted = [receipt.reference for receipt in given.receipts]
    fields = Delivery.objects.select_for_update().defer("to", "secret", "text").order_by("pk")
    by_reference = fields.filter(provider=given.provider, reference__in=wanted)
    found = {delivery.reference: delivery for delivery in by_reference}
    ids = [id for text in wanted if text not in found and (id := _uuid(text))]
    return found | {str(delivery.pk): delivery for delivery in (fields.filter(pk__in=ids) if ids else ())}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
