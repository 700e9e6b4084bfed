"""Taking back notices that other systems handed in for later (取消通知)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.messaging.actions.send_message import CancelMessage
from shuzheng.engines.messaging.errors import TooLate
from shuzheng.engines.messaging.models import Delivery, Notice
from shuzheng.engines.messaging.models.delivery import DeliveryStatus
from shuzheng.engines.messaging.policies import SUBMIT
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class CancelNoticeInput(Input):
    """Which notice."""

    reference: str = Field(max_length=100)


class CancelNotice(Action[CancelNoticeInput, None]):
    """Take back a notice that is scheduled for later (取消通知). Raises NotFound, TooLate."""

    name = "messaging.cancel_notice"
    permission = SUBMIT
    title = _("取消通知")

    def perform(self, actor: Actor, given: CancelNoticeInput) -> None:
        """Take back every recipient's; if one has gone out, none is taken back."""
        rows = list(
            Notice.objects.select_for_update(of=("self",))
            .select_related("message", "delivery")
            .filter(application_id=actor.application_id, key=given.reference)
        )
        if not rows:
            raise NotFound
        for row in rows:
            if row.message_id is not None:
                CancelMessage.do(Actor.system("messaging"), message_id=row.message_id)
            if row.delivery is not None:
                _cancel(row.delivery)
        Notice.objects.filter(pk__in=[row.pk for row in rows], refused="").update(refused="cancelled", message=None)
        self.about(key=given.reference, count=len(rows))


def _cancel(delivery: Delivery) -> None:
    still = Delivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.PENDING, due_at__gt=now(), attempts=0)
    if not still.update(status=DeliveryStatus.CANCELLED):
        raise TooLate
