"""What operators do with deliveries that failed for good (死信)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.messaging.models import Delivery
from shuzheng.engines.messaging.models.delivery import DeliveryStatus
from shuzheng.engines.messaging.policies import OPERATE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class DeliveryInput(Input):
    """Which delivery."""

    delivery_id: UUID


class _OnDeadLetter(Action[DeliveryInput, Delivery]):
    """Base of what an operator does with a dead letter. Raises NotFound."""

    def change(self, delivery: Delivery) -> dict[str, Any]:
        """Return the new values."""
        raise NotImplementedError

    def perform(self, actor: Actor, given: DeliveryInput) -> Delivery:
        """Change it if it is dead; somebody else may have been quicker."""
        dead = Delivery.objects.select_for_update().filter(pk=given.delivery_id, status=DeliveryStatus.FAILED)
        delivery = dead.first()
        if delivery is None:
            raise NotFound
        for name, value in self.change(delivery).items():
            setattr(delivery, name, value)
        delivery.save(update_fields=list(self.change(delivery)))
        self.about(delivery, channel=delivery.channel)
        return delivery


class RetryDelivery(_OnDeadLetter):
    """Send a dead letter again (重新发送), with all attempts before it."""

    name = "messaging.retry_delivery"
    permission = OPERATE
    title = _("重新发送")

    def change(self, delivery: Delivery) -> dict[str, Any]:
        """Make it due; its budget was charged before."""
        return {"status": DeliveryStatus.PENDING, "attempts": 1, "due_at": now()}


class GiveUpDelivery(_OnDeadLetter):
    """Give a dead letter up (放弃发送)."""

    name = "messaging.give_up_delivery"
    permission = OPERATE
    title = _("放弃发送")

    def change(self, delivery: Delivery) -> dict[str, Any]:
        """Take it off the list."""
        return {"status": DeliveryStatus.GIVEN_UP}
