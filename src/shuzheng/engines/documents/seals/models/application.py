"""Local applications that stamp through the middle platform (印章中台接入应用)."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.trust.fields import EncryptedTextField
from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class SealApplication(models.Model):
    """An onboarded application: it signs its calls with a secret and stamps within its grants and its daily quota."""

    id = IdField()
    #: What it calls itself, e.g. ``housing-contracts``.
    code = models.CharField(_("应用编码"), max_length=60, unique=True)
    name = models.CharField(_("应用名称"), max_length=100)
    unit_id: UUID
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    division_path = LtreeField()
    account_id: UUID
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("账户"))
    #: Key of HMAC-SM3, hexadecimal.
    secret = EncryptedTextField(_("密钥"))
    #: Stamps a day.
    daily_quota = models.PositiveIntegerField(_("每日用章上限"))
    #: The day that ``used`` counts.
    counted_on = models.DateField(_("计数日期"), null=True)
    used = models.PositiveIntegerField(_("当日用章次数"), default=0)
    active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(_("接入时间"), default=now)

    class Meta:
        """Found by code."""

        verbose_name = _("印章接入应用")
        verbose_name_plural = _("印章接入应用")

    def __str__(self) -> str:
        """Return the name."""
        return self.name
