"""Note what became of a delivery (记录送达)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.messaging.models import Delivery
from shuzheng.engines.messaging.models.delivery import ATTEMPTS, GRACE, DeliveryStatus
from shuzheng.engines.messaging.policies import SEND
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class RecordDeliveryInput(Input):
    """What happened."""

    delivery_id: UUID
    #: The channel took it.
    sent: bool


class RecordDelivery(Action[RecordDeliveryInput, Delivery]):
    """Note that a notice went out, or when to try again; waits double, and after some attempts it is given up. Raises NotFound."""

    name = "messaging.record_delivery"
    permission = SEND
    title = _("记录送达")

    def perform(self, actor: Actor, given: RecordDeliveryInput) -> Delivery:
        """Update the delivery."""
        delivery = Delivery.objects.select_for_update().filter(pk=given.delivery_id).first()
        if delivery is None:
            raise NotFound
        if delivery.status != DeliveryStatus.PENDING:
            return delivery
        delivery.attempts += 1
        if given.sent:
            delivery.status, delivery.sent_at = DeliveryStatus.SENT, now()
        elif delivery.attempts >= ATTEMPTS:
            delivery.status = DeliveryStatus.FAILED
        else:
            delivery.due_at = now() + GRACE * 2**delivery.attempts
        delivery.save(update_fields=["status", "attempts", "due_at", "sent_at"])
        self.about(delivery, status=delivery.status, attempts=delivery.attempts)
        return delivery
