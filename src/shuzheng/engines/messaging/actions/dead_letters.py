"""What operators do with deliveries that failed for good (死信): one, or all of a cause."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.messaging.counting import progress
from shuzheng.engines.messaging.models import Delivery
from shuzheng.engines.messaging.models.delivery import DeliveryStatus
from shuzheng.engines.messaging.policies import OPERATE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

#: Dead letters that one act on a cause takes; the same act goes on with the next.
MOST = 5000
AGAIN = {"status": DeliveryStatus.PENDING, "attempts": 1}


class DeliveryInput(Input):
    """Which delivery."""

    delivery_id: UUID


class GiveUpInput(DeliveryInput):
    """Which delivery, and why."""

    note: str = Field(min_length=2, max_length=200)


class CauseInput(Input):
    """A cause: the way, through whom, and what was said."""

    channel: str = Field(max_length=10)
    provider: str = Field(default="", max_length=40)
    reason: str = Field(default="", max_length=200)


class GiveUpCauseInput(CauseInput):
    """A cause, and why its dead letters are given up."""

    note: str = Field(min_length=2, max_length=200)


class CauseSettled(BaseModel):
    """How many dead letters were dealt with, and whether there are more of the cause."""

    count: int
    more: bool


class RetryDelivery(Action[DeliveryInput, Delivery]):
    """Send a dead letter again (重新发送), with all attempts before it. Raises NotFound."""

    name = "messaging.retry_delivery"
    permission = OPERATE
    title = _("重新发送")

    def perform(self, actor: Actor, given: DeliveryInput) -> Delivery:
        """Make it due; its budget was charged before."""
        return _settle(self, _dead(given.delivery_id), {**AGAIN, "due_at": now()})


class GiveUpDelivery(Action[GiveUpInput, Delivery]):
    """Give a dead letter up (放弃发送), with the reason. Raises NotFound."""

    name = "messaging.give_up_delivery"
    permission = OPERATE
    title = _("放弃发送")

    def perform(self, actor: Actor, given: GiveUpInput) -> Delivery:
        """Take it off the list."""
        changes = {"status": DeliveryStatus.GIVEN_UP, "note": given.note}
        return _settle(self, _dead(given.delivery_id), changes)


class RetryCause(Action[CauseInput, CauseSettled]):
    """Send all dead letters of a cause again (按原因重新发送), once what caused them is mended."""

    name = "messaging.retry_cause"
    permission = OPERATE
    title = _("按原因重新发送")

    def perform(self, actor: Actor, given: CauseInput) -> CauseSettled:
        """Make them due, a bounded number at a time."""
        return _settle_cause(self, given, {**AGAIN, "due_at": now()})


class GiveUpCause(Action[GiveUpCauseInput, CauseSettled]):
    """Give up all dead letters of a cause (按原因放弃), with the reason."""

    name = "messaging.give_up_cause"
    permission = OPERATE
    title = _("按原因放弃")

    def perform(self, actor: Actor, given: GiveUpCauseInput) -> CauseSettled:
        """Take them off the list, a bounded number at a time."""
        return _settle_cause(self, given, {"status": DeliveryStatus.GIVEN_UP, "note": given.note})


def _dead(delivery_id: UUID) -> Delivery:
    """Return a dead letter, locked; somebody else may have been quicker. Raises NotFound."""
    dead = Delivery.objects.select_for_update().filter(pk=delivery_id, status=DeliveryStatus.FAILED)
    found = dead.first()
    if found is None:
        raise NotFound
    return found


def _settle(action: Action[Any, Any], delivery: Delivery, changes: dict[str, Any]) -> Delivery:
    for name, value in changes.items():
        setattr(delivery, name, value)
    delivery.save(update_fields=list(changes))
    if delivery.status == DeliveryStatus.PENDING:
        progress([(delivery, "failed", -1)])
        action.emit("messaging.retry_queued", delivery.pk)
    action.about(delivery, channel=delivery.channel)
    return delivery


def _settle_cause(action: Action[Any, Any], given: CauseInput, changes: dict[str, Any]) -> CauseSettled:
    cause = {"channel": given.channel, "provider": given.provider, "reason": given.reason}
    dead = Delivery.objects.select_for_update(skip_locked=True).filter(status=DeliveryStatus.FAILED, **cause)
    found = list(dead.only("pk", "bulk_id").order_by("-created_at", "-id")[:MOST])
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in found]).update(**changes)
    if found and changes["status"] == DeliveryStatus.PENDING:
        progress([(delivery, "failed", -1) for delivery in found])
        action.emit("messaging.retry_queued", found[0].pk)
    action.about(None, count=len(found), channel=given.channel, provider=given.provider, reason=given.reason)
    return CauseSettled(count=len(found), more=len(found) == MOST)
