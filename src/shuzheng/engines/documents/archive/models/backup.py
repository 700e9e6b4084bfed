"""The joint backup centre (联合备份中心, GB/T 20988): copies elsewhere, and drills that prove them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.archive.models.package import ArchivePackage
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class BackupCopy(models.Model):
    """A package's copy in the second storage, read back after it was written."""

    id = IdField()
    package = models.OneToOneField(ArchivePackage, on_delete=models.CASCADE, related_name="copy")
    storage_key = models.CharField(max_length=120)
    copied_at = models.DateTimeField(default=now)
    verified_at = models.DateTimeField(default=now, db_index=True)
    #: What the last reading found; empty when it was intact.
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        """One copy of each package."""

        verbose_name = _("异地备份")
        verbose_name_plural = _("异地备份")

    def __str__(self) -> str:
        """Return where it lies."""
        return self.storage_key


class BackupDrill(models.Model):
    """A restore that was really made (恢复演练), with what it took."""

    id = IdField()
    at = models.DateTimeField(default=now)
    officer_name = models.CharField(max_length=100)
    #: Packages restored and bytes read.
    packages = models.IntegerField(default=0)
    size = models.BigIntegerField(default=0)
    #: Seconds from the first byte to the last check.
    duration = models.FloatField(default=0)
    #: Seconds of work that would have been lost now (RPO), and that a full restore would take at this speed (RTO).
    rpo = models.FloatField(default=0)
    rto = models.FloatField(default=0)
    sound = models.BooleanField(default=True)
    #: [{code, problem}].
    findings = models.JSONField(default=list)

    class Meta:
        """The latest first."""

        verbose_name = _("恢复演练")
        verbose_name_plural = _("恢复演练")
        indexes: ClassVar = [models.Index(fields=["-at", "-id"], name="documents_drill_latest")]

    def __str__(self) -> str:
        """Return how many packages were restored."""
        return f"{self.packages} packages"
