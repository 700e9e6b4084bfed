"""Notices that connected applications hand in (通知)."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.models import Application
from shuzheng.engines.messaging.models.delivery import Delivery
from shuzheng.engines.messaging.models.message import Message
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Notice(models.Model):
    """One notice that an application handed in for one recipient (通知)."""

    id = IdField()
    application = models.ForeignKey(Application, models.PROTECT, related_name="+", db_index=False)
    #: Chosen by the application: the same key is taken once.
    key = models.CharField(max_length=100)
    #: Place in the list of recipients.
    number = models.PositiveSmallIntegerField(default=0)
    message = models.ForeignKey(Message, models.SET_NULL, related_name="+", null=True)
    #: For a bare number.
    delivery = models.ForeignKey(Delivery, models.SET_NULL, related_name="+", null=True)
    #: Why nobody was told: ``unknown-recipient``, ``cancelled``; else empty.
    refused = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=now)
    message_id: UUID | None
    delivery_id: UUID | None

    class Meta:
        """One row per application, key and recipient."""

        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        constraints = [models.UniqueConstraint(fields=["application", "key", "number"], name="messaging_notice_once")]

    def __str__(self) -> str:
        """Return the key."""
        return self.key
