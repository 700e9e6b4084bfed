"""Uses of licences (用证记录), which their holders see, and the counts from which rates are made."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.credentials.models.authorisation import UseAuthorisation
from shuzheng.engines.documents.credentials.models.credential import Credential
from shuzheng.engines.documents.credentials.standing import TITLES
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class UseWay(models.TextChoices):
    """How somebody came to see a licence."""

    CASE = "case", _("办件调用")
    AUTHORISATION = "authorisation", _("凭授权使用")
    SHOWN = "shown", _("当面出示")
    OFFICE = "office", _("工作人员查看")
    PRINT = "print", _("打印复印件")


class CredentialUse(models.Model):
    """Somebody used a licence (用证记录): never changed, never deleted."""

    id = IdField()
    credential_id: UUID
    credential = models.ForeignKey(Credential, models.PROTECT, related_name="uses", verbose_name=_("证照"))
    at = models.DateTimeField(_("时间"), default=now)
    way = models.CharField(_("方式"), max_length=15, choices=UseWay)
    who = models.CharField(_("由谁"), max_length=200)
    #: Unit, organisation or system on whose behalf.
    organisation = models.CharField(_("单位"), max_length=200, blank=True)
    officer_id = models.UUIDField(null=True)
    case_id = models.UUIDField(_("办件"), null=True)
    case_number = models.CharField(_("办件编号"), max_length=30, blank=True)
    authorisation = models.ForeignKey(
        UseAuthorisation, models.PROTECT, related_name="uses", null=True, verbose_name=_("授权")
    )
    purpose = models.CharField(_("用途"), max_length=200)
    #: How the licence stood when it was used, as it was known then.
    state = models.CharField(_("当时状态"), max_length=10)

    class Meta:
        """Read by licence, the latest first; found by case."""

        verbose_name = _("用证记录")
        verbose_name_plural = _("用证记录")
        indexes = [
            models.Index(fields=["credential", "-at", "-id"], name="documents_credential_use"),
            models.Index(fields=["case_id"], name="documents_credential_use_case"),
        ]

    def __str__(self) -> str:
        """Return the purpose."""
        return self.purpose

    @property
    def state_title(self) -> Any:
        """Return how the licence stood, in words."""
        return TITLES.get(self.state, self.state)


class CredentialTally(models.Model):
    """What happened to a type on a day, in several slots, so that nobody waits for a count."""

    id = IdField()
    type_code = models.CharField(max_length=120)
    day = models.DateField()
    #: issued, used (a case took it from here), missed (a case had a paper instead) or verified.
    what = models.CharField(max_length=10)
    slot = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        """One row per slot."""

        verbose_name = _("用证计数")
        verbose_name_plural = _("用证计数")
        constraints = [
            models.UniqueConstraint(fields=["type_code", "day", "what", "slot"], name="documents_credential_tally")
        ]

    def __str__(self) -> str:
        """Return day and count."""
        return f"{self.type_code} {self.day} {self.what} {self.count}"
