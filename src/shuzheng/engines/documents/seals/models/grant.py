"""Grants: who may use which seal for what (用印授权)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.seals.models.seal import Seal
from shuzheng.engines.identity.models import Application, Officer, OrgUnit
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class SealGrant(models.Model):
    """A precise authorisation (精准授权): a person, a post, an application or the processes; items, kinds, days, times, place."""

    id = IdField()
    seal_id: UUID
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="grants", verbose_name=_("印章"))
    officer_id: UUID | None
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True, verbose_name=_("被授权人"))
    unit_id: UUID | None
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", null=True, verbose_name=_("被授权单位"))
    #: Code of the unit's post; with ``unit``.
    post_code = models.CharField(_("被授权岗位"), max_length=40, blank=True)
    application_id: UUID | None
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="+", null=True, verbose_name=_("被授权应用")
    )
    #: Given to the platform's own processes (系统自动用印).
    process = models.BooleanField(_("系统自动用印"), default=False)
    #: Codes of service items; empty for documents that belong to none.
    item_codes = ArrayField(models.CharField(max_length=60), verbose_name=_("事项"), default=list)
    document_kinds = ArrayField(models.CharField(max_length=40), verbose_name=_("文书类型"))
    valid_from = models.DateField(_("开始日期"))
    valid_to = models.DateField(_("截止日期"))
    #: ``None`` for as often as needed.
    most_uses = models.PositiveIntegerField(_("最多次数"), null=True)
    #: PackagesCounted only where ``most_uses`` limits it.
    used = models.PositiveIntegerField(_("已用次数"), default=0)
    #: Networks from which it may be used, e.g. ``10.36.7.0/24``; empty for any.
    networks = ArrayField(models.CharField(max_length=50), verbose_name=_("用印地点网段"), default=list)
    place = models.CharField(_("用印地点"), max_length=100, blank=True)
    #: Every use was approved beforehand by the grant itself; never for key seals.
    standing = models.BooleanField(_("免逐次审批"), default=False)
    reason = models.CharField(_("授权依据"), max_length=200)
    granted_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True, verbose_name=_("授权人"))
    created_at = models.DateTimeField(_("授权时间"), default=now)
    revoked_at = models.DateTimeField(_("收回时间"), null=True)

    class Meta:
        """Given to exactly one; looked up by seal."""

        verbose_name = _("用印授权")
        verbose_name_plural = _("用印授权")
        indexes = [models.Index(fields=["seal", "-created_at"], name="documents_grant_seal")]
        constraints = [
            models.CheckConstraint(
                name="documents_grant_one_holder",
                condition=models.Q(officer__isnull=False, unit=None, application=None, process=False)
                | models.Q(officer=None, unit__isnull=False, application=None, process=False)
                | models.Q(officer=None, unit=None, application__isnull=False, process=False)
                | models.Q(officer=None, unit=None, application=None, process=True),
            ),
            models.CheckConstraint(
                name="documents_grant_not_overspent",
                condition=models.Q(most_uses=None) | models.Q(used__lte=models.F("most_uses")),
            ),
        ]

    def __str__(self) -> str:
        """Return who was granted what."""
        return f"{self.seal_id} → {self.officer_id or self.unit_id or self.application_id or 'process'}"

    @property
    def spent(self) -> bool:
        """Say whether nothing is left of the permitted times."""
        return self.most_uses is not None and self.used >= self.most_uses

    def in_force(self, day: date) -> bool:
        """Say whether the grant holds on a day."""
        return self.revoked_at is None and self.valid_from <= day <= self.valid_to

    @property
    def left(self) -> int | None:
        """Return how many uses remain, ``None`` for no limit."""
        return None if self.most_uses is None else self.most_uses - self.used
