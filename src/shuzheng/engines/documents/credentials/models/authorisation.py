"""The holder's leave to use a licence (用证授权)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.credentials.models.credential import Credential
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class UseAuthorisation(models.Model):
    """To whom the holder lets a licence be shown, for what, for how long and how often; to be taken back at any time."""

    id = IdField()
    credential_id: UUID
    credential = models.ForeignKey(Credential, models.PROTECT, related_name="authorisations", verbose_name=_("证照"))
    #: A unit of government; empty for anybody who is given the code.
    unit_id: UUID | None
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", null=True, verbose_name=_("授权给"))
    #: Whoever else it is given to, in the holder's words.
    recipient = models.CharField(_("授权给"), max_length=100, blank=True)
    purpose = models.CharField(_("用途"), max_length=200)
    #: Handed over by the holder; whoever uses the licence names it.
    code = models.CharField(_("授权码"), max_length=12, unique=True)
    valid_until = models.DateTimeField(_("有效期至"))
    most_uses = models.PositiveSmallIntegerField(_("最多次数"))
    used = models.PositiveSmallIntegerField(_("已用次数"), default=0)
    given_by = models.CharField(_("授权人"), max_length=100)
    created_at = models.DateTimeField(_("授权时间"), default=now)
    revoked_at = models.DateTimeField(_("收回时间"), null=True)

    class Meta:
        """Read by licence; never used beyond its number."""

        verbose_name = _("用证授权")
        verbose_name_plural = _("用证授权")
        indexes = [models.Index(fields=["credential", "-created_at", "-id"], name="documents_leave_credential")]
        constraints = [
            models.CheckConstraint(
                name="documents_leave_not_overspent", condition=models.Q(used__lte=models.F("most_uses"))
            )
        ]

    def __str__(self) -> str:
        """Return the purpose."""
        return self.purpose

    def in_force(self, at: datetime) -> bool:
        """Say whether it may be used at a moment."""
        return self.revoked_at is None and at <= self.valid_until and self.used < self.most_uses

    @property
    def left(self) -> int:
        """Return how often it may still be used."""
        return self.most_uses - self.used

    @property
    def usable(self) -> bool:
        """Say whether it may be used now."""
        return self.in_force(now())
