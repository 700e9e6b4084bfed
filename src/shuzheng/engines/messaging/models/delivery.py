"""What became of telling somebody outside the inbox (送达)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.messaging.models.contact_address import Channel, ContactAddress
from shuzheng.engines.messaging.models.message import Message
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now

#: After this long a delivery that nobody reported on is tried again.
GRACE = timedelta(minutes=5)
#: Attempts before it is given up; waits double from GRACE: 5, 10, 20 … minutes, about a day and a half in all.
ATTEMPTS = 9


class DeliveryStatus(models.TextChoices):
    """How far a delivery got."""

    PENDING = "pending", _("待发送")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("发送失败")


def first_retry() -> datetime:
    """Return when a new delivery is tried again if nothing is heard of it."""
    return now() + GRACE


class Delivery(models.Model):
    """A notice that a message waits, sent to one address; its text never holds personal data."""

    id = IdField()
    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    address = models.ForeignKey(ContactAddress, models.CASCADE, related_name="+")
    channel = models.CharField(_("方式"), max_length=10, choices=Channel)
    text = models.CharField(_("内容"), max_length=300)
    status = models.CharField(_("状态"), max_length=10, choices=DeliveryStatus, default=DeliveryStatus.PENDING)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    due_at = models.DateTimeField(_("下次尝试"), default=first_retry)
    created_at = models.DateTimeField(_("时间"), default=now)
    sent_at = models.DateTimeField(_("发送时间"), null=True)

    class Meta:
        """Once per message and channel; pending ones are found by their time."""

        verbose_name = _("送达")
        verbose_name_plural = _("送达")
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="messaging_one_delivery_per_channel")
        ]
        indexes = [
            models.Index(fields=["due_at"], name="messaging_pending", condition=models.Q(status="pending")),
        ]

    def __str__(self) -> str:
        """Return the text."""
        return self.text
