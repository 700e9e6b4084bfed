"""What became of telling somebody outside the inbox (送达情况)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.messaging.models.contact_address import ADDRESS, Channel
from shuzheng.engines.messaging.models.message import Message
from shuzheng.engines.trust.fields import EncryptedTextField
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now

#: Wait after the first failure; it doubles with each.
PAUSE = timedelta(minutes=1)
#: Attempts before a delivery is a dead letter: waits of 1, 2, 4 … minutes, about four hours in all.
ATTEMPTS = 9


class DeliveryStatus(models.TextChoices):
    """How far a delivery got."""

    PENDING = "pending", _("待发送")
    SENT = "sent", _("已发出")
    DELIVERED = "delivered", _("已到达")
    UNDELIVERED = "undelivered", _("未到达")
    FAILED = "failed", _("发送失败")
    GIVEN_UP = "given_up", _("已放弃")
    CANCELLED = "cancelled", _("已取消")


class Delivery(models.Model):
    """One notice on its way to one address; what it says outside the inbox never holds personal data.

    Whoever takes it up moves ``due_at`` past the time that sending may take: a sender that dies loses nothing.
    """

    get_channel_display: Callable[[], str]
    get_status_display: Callable[[], str]
    id = IdField()
    #: None for one-time codes, webhooks, and notices of other systems that go to a bare number.
    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries", null=True)
    channel = models.CharField(_("方式"), max_length=10, choices=Channel)
    #: A copy of the address, so that the record outlives its change; for a webhook the target's id.
    to = EncryptedTextField(context=ADDRESS, verbose_name=_("地址"))
    title = models.CharField(_("标题"), max_length=200)
    text = models.TextField(_("内容"))
    #: Takes the place of ``{code}`` in the text at the last moment.
    secret = EncryptedTextField(blank=True, default="")
    department = models.CharField(_("发送部门"), max_length=80, default="", blank=True)
    #: The bulk it belongs to, so that its progress and its failures are found without its messages.
    bulk_id = models.UUIDField(null=True)
    status = models.CharField(_("状态"), max_length=12, choices=DeliveryStatus, default=DeliveryStatus.PENDING)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    #: Not before; moved by quiet hours, budgets, and failures.
    due_at = models.DateTimeField(_("下次尝试"), default=now)
    created_at = models.DateTimeField(_("时间"), default=now)
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    #: When the receipt says that it arrived, or did not.
    receipt_at = models.DateTimeField(_("回执时间"), null=True)
    provider = models.CharField(_("通道"), max_length=40, default="", blank=True)
    #: What the provider calls it; receipts name it.
    reference = models.CharField(_("通道编号"), max_length=80, default="", blank=True)
    reason = models.CharField(_("原因"), max_length=200, default="", blank=True)
    #: Why an operator gave it up.
    note = models.CharField(_("说明"), max_length=200, default="", blank=True)
    message_id: UUID | None

    class Meta:
        """One that counts per message and channel; pending ones are found by their time, dead ones and receipts by partial indexes."""

        verbose_name = _("送达情况")
        verbose_name_plural = _("送达情况")
        constraints = [
            models.UniqueConstraint(
                fields=["message", "channel"],
                name="messaging_one_delivery_per_channel",
                condition=~Q(status="given_up"),
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="messaging_pending", condition=Q(status="pending")),
            models.Index(fields=["-created_at", "-id"], name="messaging_dead", condition=Q(status="failed")),
            models.Index(
                fields=["bulk_id", "id"],
                name="messaging_bulk_trouble",
                condition=Q(bulk_id__isnull=False, status__in=["failed", "undelivered"]),
            ),
            models.Index(fields=["provider", "reference"], name="messaging_reference", condition=~Q(reference="")),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    @property
    def wording(self) -> str:
        """Return the text as it is sent."""
        return self.text.replace("{code}", self.secret) if self.secret else self.text
