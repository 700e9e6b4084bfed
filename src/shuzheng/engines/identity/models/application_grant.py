"""What a connected application proves itself with, what it may do and how much (凭证、能力、限额)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.models.application import Application
from shuzheng.engines.identity.models.officer import dates_in_order
from shuzheng.engines.trust.fields import EncryptedTextField
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class ApplicationCredential(models.Model):
    """A key with which an application signs (凭证): of a shared one the secret sealed, of a pair the public half only."""

    class Kind(models.TextChoices):
        """Algorithms, by their names in ``Signature-Input``."""

        HMAC_SM3 = "hmac-sm3", "HMAC-SM3"
        HMAC_SHA256 = "hmac-sha256", "HMAC-SHA256"
        SM2 = "sm2-sm3", "SM2"
        ED25519 = "ed25519", "Ed25519"

    id = IdField()
    application_id: UUID
    application = models.ForeignKey(Application, models.CASCADE, related_name="credentials")
    #: What ``keyid`` says.
    key_id = models.CharField(_("密钥编号"), max_length=80, unique=True)
    kind = models.CharField(_("算法"), max_length=12, choices=Kind)
    secret = EncryptedTextField(blank=True)
    #: PEM.
    public_key = models.TextField(_("公钥"), blank=True)
    valid_from = models.DateTimeField(_("生效时间"), default=now)
    valid_to = models.DateTimeField(_("失效时间"))
    revoked_at = models.DateTimeField(_("吊销时间"), null=True)
    #: Kept to the minute.
    used_at = models.DateTimeField(_("最近使用"), null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        """Several at once, so that keys are changed without an outage."""

        verbose_name = _("凭证")
        verbose_name_plural = _("凭证")
        indexes = [
            models.Index(fields=["valid_to"], name="identity_credential_expiry", condition=Q(revoked_at=None)),
        ]

    def __str__(self) -> str:
        """Return the key's name."""
        return self.key_id

    def live(self, moment: datetime) -> bool:
        """Say whether it is accepted at a moment."""
        return self.revoked_at is None and self.valid_from <= moment < self.valid_to

    @property
    def standing(self) -> str:
        """Return ``live``, ``expired`` or ``revoked``."""
        if self.revoked_at is not None:
            return "revoked"
        return "live" if self.live(now()) else "expired"


class ApplicationCapability(models.Model):
    """Something that an application may do (接入能力), how often, for which things, from when to when."""

    id = IdField()
    application_id: UUID
    application = models.ForeignKey(Application, models.CASCADE, related_name="capabilities")
    #: Code of a declared capability, see ``applications.capabilities``.
    capability = models.CharField(_("能力"), max_length=40)
    #: Codes of what it is for: templates, seals, kinds of evidence, events; empty for all that may be.
    things = ArrayField(models.CharField(max_length=120), verbose_name=_("范围"), default=list)
    per_second = models.PositiveIntegerField(_("每秒调用"), default=10)
    #: Units a day: recipients, stamps, entries; None for as many as it likes.
    per_day = models.PositiveIntegerField(_("每日上限"), null=True)
    valid_from = models.DateField(_("开始日期"))
    valid_to = models.DateField(_("截止日期"))
    #: None while it waits for review.
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    withdrawn_at = models.DateTimeField(_("收回时间"), null=True)

    class Meta:
        """Of each kind one in force and one asked for."""

        verbose_name = _("接入能力")
        verbose_name_plural = _("接入能力")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "capability"],
                condition=Q(withdrawn_at=None, approved_at__isnull=False),
                name="identity_capability_in_force_once",
            ),
            models.UniqueConstraint(
                fields=["application", "capability"],
                condition=Q(withdrawn_at=None, approved_at=None),
                name="identity_capability_asked_once",
            ),
            models.CheckConstraint(condition=Q(per_second__gte=1), name="identity_capability_rate"),
            dates_in_order("identity_capability_dates"),
        ]

    def __str__(self) -> str:
        """Return the capability."""
        return self.capability

    def in_force(self, day: date) -> bool:
        """Say whether it holds on a day."""
        return self.approved_at is not None and self.withdrawn_at is None and self.valid_from <= day <= self.valid_to


class ApplicationMeter(models.Model):
    """How much of a limit is used up (限额计数): what is left of the second, or what the day has taken."""

    class Span(models.TextChoices):
        """Over what it counts."""

        SECOND = "second", _("每秒")
        DAY = "day", _("每日")

    id = IdField()
    capability = models.ForeignKey(ApplicationCapability, models.CASCADE, related_name="meters", db_index=False)
    span = models.CharField(max_length=6, choices=Span)
    #: Tokens left in the bucket; or units used on the day.
    amount = models.FloatField(default=0)
    #: When the bucket was last filled; or the day, as its first moment.
    since = models.DateTimeField(default=now)

    class Meta:
        """Two rows each, so that a long transaction that holds the day does not hold the second."""

        verbose_name = _("限额计数")
        verbose_name_plural = _("限额计数")
        constraints = [
            models.UniqueConstraint(fields=["capability", "span"], name="identity_meter_once"),
        ]

    def __str__(self) -> str:
        """Return span and amount."""
        return f"{self.span} {self.amount}"
