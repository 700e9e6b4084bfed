"""Runs of the periodic reading (固化校验)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class FixityRun(models.Model):
    """One batch of packages read from the first byte to the last and compared with what was written down."""

    id = IdField()
    started_at = models.DateTimeField(default=now)
    #: Seconds.
    duration = models.FloatField(default=0)
    packages = models.IntegerField(default=0)
    #: Bytes read.
    size = models.BigIntegerField(default=0)
    #: Codes of the packages found damaged.
    damaged = models.JSONField(default=list)

    class Meta:
        """The latest first."""

        verbose_name = _("定期校验")
        verbose_name_plural = _("定期校验")
        indexes: ClassVar = [models.Index(fields=["-started_at", "-id"], name="documents_fixity_latest")]

    def __str__(self) -> str:
        """Return how much was read."""
        return f"{self.packages} packages"
