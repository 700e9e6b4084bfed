"""Seals and what happened to them (电子印章)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.seals.models.key import SealCertificate
from shuzheng.engines.identity.models import Officer, OrgUnit
from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class SealKind(models.TextChoices):
    """Kinds of seals (GA 241): each may be given for its own purposes only."""

    OFFICIAL = "official", _("单位公章")
    SPECIAL = "special", _("业务专用章")
    CONTRACT = "contract", _("合同专用章")
    FINANCE = "finance", _("财务专用章")


class SealState(models.TextChoices):
    """Where a seal stands in its life."""

    FILED = "filed", _("已备案")
    IN_USE = "in_use", _("使用中")
    FROZEN = "frozen", _("已冻结")
    EXPIRED = "expired", _("已到期")
    REVOKED = "revoked", _("已撤销")


class Seal(models.Model):
    """An electronic seal (电子印章) of a unit, filed with public security before it is made."""

    id = IdField()
    #: The seal code that public security gives (印章编码): county, then seven digits.
    code = models.CharField(_("印章编码"), max_length=13, unique=True)
    #: Number of the filing with public security (公安备案号).
    police_record = models.CharField(_("公安备案号"), max_length=40, unique=True)
    name = models.CharField(_("印章名称"), max_length=100)
    kind = models.CharField(_("印章类型"), max_length=10, choices=SealKind)
    #: What stands below the star, e.g. 行政审批专用章.
    purpose = models.CharField(_("专用章文字"), max_length=20, blank=True)
    unit_id: UUID
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("所属单位"))
    #: Path of the unit's division: in which scope the seal is managed.
    division_path = LtreeField()
    #: Every use takes two approvals (重要印章).
    key_seal = models.BooleanField(_("重要印章"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=SealState, default=SealState.FILED)
    #: From when the state holds.
    state_since = models.DateTimeField(_("状态开始时间"), default=now)
    #: SES_Seal (GB/T 38540), once made.
    data = models.BinaryField(_("印章数据"), null=True)
    certificate_id: UUID | None
    certificate = models.ForeignKey(
        SealCertificate, models.PROTECT, related_name="+", null=True, verbose_name=_("盖章证书")
    )
    pdf_certificate = models.ForeignKey(
        SealCertificate, models.PROTECT, related_name="+", null=True, verbose_name=_("PDF 盖章证书")
    )
    valid_to = models.DateTimeField(_("有效期至"), null=True)
    created_at = models.DateTimeField(_("备案时间"), default=now)

    class Meta:
        """Listed by unit; those that will expire are found by their date."""

        verbose_name = _("电子印章")
        verbose_name_plural = _("电子印章")
        indexes = [
            models.Index(fields=["unit", "code"], name="documents_seal_unit"),
            models.Index(
                fields=["valid_to"], name="documents_seal_expiring", condition=models.Q(state__in=("in_use", "frozen"))
            ),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @property
    def name_on_arc(self) -> str:
        """Return what runs along the circle: the unit's name, without the purpose that stands below the star."""
        return self.name.removesuffix(self.purpose) or self.name

    def expired(self, at: datetime) -> bool:
        """Say whether the seal or its certificate has run out."""
        return self.valid_to is None or at > self.valid_to


class SealEvent(models.Model):
    """Something that happened to a seal (状态变更记录): never changed, never deleted."""

    id = IdField()
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="events", verbose_name=_("印章"))
    at = models.DateTimeField(_("时间"), default=now)
    #: filed, made, frozen, unfrozen, renewed, revoked or expired.
    verb = models.CharField(_("操作"), max_length=20)
    state = models.CharField(_("此后状态"), max_length=10, choices=SealState)
    officer_id: UUID | None
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True, verbose_name=_("经办人"))
    reason = models.CharField(_("原因"), max_length=500, blank=True)

    class Meta:
        """Read by seal in order."""

        verbose_name = _("印章状态变更")
        verbose_name_plural = _("印章状态变更")
        indexes = [models.Index(fields=["seal", "at", "id"], name="documents_seal_event")]

    def __str__(self) -> str:
        """Return the verb."""
        return self.verb
