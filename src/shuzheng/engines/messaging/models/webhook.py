"""Receivers of connected applications that are told of events (推送目标)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.models import Application
from shuzheng.engines.messaging.models.delivery import Delivery
from shuzheng.engines.trust.fields import EncryptedTextField
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class WebhookTarget(models.Model):
    """An address of an application that is told of events (推送目标)."""

    id = IdField()
    application_id: UUID
    application = models.ForeignKey(Application, models.PROTECT, related_name="webhooks", verbose_name=_("应用"))
    title = models.CharField(_("名称"), max_length=100)
    url = models.URLField(_("地址"), max_length=300)
    secret = EncryptedTextField()
    #: The secret before, with which events are signed as well until then, so that the receiver changes over in peace.
    previous = EncryptedTextField(blank=True)
    previous_until = models.DateTimeField(_("旧密钥失效"), null=True)
    #: Types of events it is told of.
    events = ArrayField(models.CharField(max_length=100), verbose_name=_("事件"))
    #: False while it is paused.
    active = models.BooleanField(_("启用"), default=True)
    retired_at = models.DateTimeField(_("停用时间"), null=True)
    created_at = models.DateTimeField(_("登记时间"), default=now)

    class Meta:
        """A few for each application."""

        verbose_name = _("推送目标")
        verbose_name_plural = _("推送目标")

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    def secrets(self, moment: datetime) -> list[str]:
        """Return the secrets that sign an event at a moment, the newest first."""
        still = self.previous and self.previous_until is not None and moment < self.previous_until
        return [self.secret, self.previous] if still else [self.secret]


class WebhookDelivery(models.Model):
    """Which delivery went to which target (推送记录): the delivery itself holds the address sealed."""

    delivery_id: UUID
    delivery = models.OneToOneField(Delivery, models.CASCADE, primary_key=True, related_name="+")
    target = models.ForeignKey(WebhookTarget, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField(_("时间"), default=now)

    class Meta:
        """Listed by target, the latest first."""

        verbose_name = _("推送记录")
        verbose_name_plural = _("推送记录")
        indexes = [models.Index(fields=["target", "-at", "-delivery"], name="messaging_target_latest")]

    def __str__(self) -> str:
        """Return the delivery's id."""
        return str(self.delivery_id)
