"""Other government systems: those that send through us, and those that are told by us (系统接入)."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.messaging.models.delivery import Delivery
from shuzheng.engines.messaging.models.message import Message
from shuzheng.engines.trust.fields import EncryptedTextField
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Application(models.Model):
    """A government system that may send notices (接入应用); it signs its requests with a secret."""

    id = IdField()
    code = models.CharField(_("应用编号"), max_length=60, unique=True)
    title = models.CharField(_("应用名称"), max_length=100)
    #: Its notices are charged to this department's budget.
    department = models.CharField(_("部门"), max_length=80)
    secret = EncryptedTextField()
    #: Codes of the templates it may use.
    templates = ArrayField(models.CharField(max_length=120), verbose_name=_("可用模板"))
    #: May send SMS to numbers of people whom the platform does not know.
    bare_numbers = models.BooleanField(_("可直接发短信"), default=False)
    #: Notices a day, counted in the tally of channel ``notice``.
    daily = models.PositiveIntegerField(_("每日上限"), default=10_000)
    active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(_("接入时间"), default=now)

    class Meta:
        """A few hundred rows."""

        verbose_name = _("接入应用")
        verbose_name_plural = _("接入应用")

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Nonce(models.Model):
    """A request of an application that was already accepted, so that nobody replays it."""

    id = IdField()
    application = models.ForeignKey(Application, models.CASCADE, related_name="+", db_index=False)
    nonce = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        """Each nonce once; forgotten after the span in which time stamps are accepted."""

        constraints = [models.UniqueConstraint(fields=["application", "nonce"], name="messaging_nonce_once")]

    def __str__(self) -> str:
        """Return the nonce."""
        return self.nonce


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


class WebhookTarget(models.Model):
    """A system that is told of events (推送目标), registered by an administrator."""

    id = IdField()
    title = models.CharField(_("名称"), max_length=100)
    url = models.URLField(_("地址"), max_length=300)
    secret = EncryptedTextField()
    #: Types of events it is told of.
    events = ArrayField(models.CharField(max_length=100), verbose_name=_("事件"))
    active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(_("登记时间"), default=now)

    class Meta:
        """A few rows."""

        verbose_name = _("推送目标")
        verbose_name_plural = _("推送目标")

    def __str__(self) -> str:
        """Return the title."""
        return self.title
