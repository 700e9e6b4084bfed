"""Where else people want to be told (联系方式)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuzheng.engines.identity.models import Person
from shuzheng.engines.trust.fields import EncryptedTextField
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Channel(models.TextChoices):
    """Ways of telling people beside their inbox."""

    EMAIL = "email", _("电子邮件")
    SMS = "sms", _("短信")


class ContactAddress(models.Model):
    """An address that a person gave for notices (接收方式); giving it is the wish to be told there."""

    id = IdField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=pgettext_lazy("field", "本人"))
    channel = models.CharField(_("方式"), max_length=10, choices=Channel)
    address = EncryptedTextField(verbose_name=_("地址"))
    created_at = models.DateTimeField(_("登记时间"), default=now)

    class Meta:
        """One address per person and channel."""

        verbose_name = _("接收方式")
        verbose_name_plural = _("接收方式")
        constraints = [models.UniqueConstraint(fields=["person", "channel"], name="messaging_one_address_per_channel")]

    def __str__(self) -> str:
        """Return the channel."""
        return str(Channel(self.channel).label)
