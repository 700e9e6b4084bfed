"""Where else people want to be told (联系方式), and the codes that prove an address theirs."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.trust.fields import EncryptedTextField
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now

#: Binding of sealed addresses, so that a delivery can keep a sealed copy without opening it.
ADDRESS = "messaging.contactaddress.address"
CODE_LIFE = timedelta(minutes=5)
#: Wrong tries after which a code is void, and codes that one person may ask for in a day.
CODE_TRIES, CODES_A_DAY = 5, 10


class Channel(models.TextChoices):
    """Ways of telling people and systems beside the inbox."""

    EMAIL = "email", _("电子邮件")
    SMS = "sms", _("短信")
    TODO = "todo", _("办公待办")
    WEBHOOK = "webhook", _("系统推送")


class ContactAddress(models.Model):
    """An address that a person proved to be theirs (接收方式); giving it is the wish to be told there."""

    id = IdField()
    #: The person, or the account of somebody who is not in the register of persons.
    owner = models.UUIDField()
    channel = models.CharField(_("方式"), max_length=10, choices=Channel)
    address = EncryptedTextField(context=ADDRESS, verbose_name=_("地址"))
    verified_at = models.DateTimeField(_("核验时间"), default=now)
    created_at = models.DateTimeField(_("登记时间"), default=now)

    class Meta:
        """One address per person and channel."""

        verbose_name = _("接收方式")
        verbose_name_plural = _("接收方式")
        constraints = [models.UniqueConstraint(fields=["owner", "channel"], name="messaging_one_address_per_channel")]

    def __str__(self) -> str:
        """Return the channel."""
        return str(Channel(self.channel).label)


class VerificationCode(models.Model):
    """A one-time code sent to an address (验证码); only its digest is kept."""

    id = IdField()
    owner = models.UUIDField()
    channel = models.CharField(_("方式"), max_length=10, choices=Channel)
    address = EncryptedTextField(context=ADDRESS)
    digest = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        """Found by owner, the latest first."""

        indexes = [models.Index(fields=["owner", "-created_at"], name="messaging_codes")]

    def __str__(self) -> str:
        """Return the channel."""
        return str(Channel(self.channel).label)
