"""Locks of files (文件锁定)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.models.stored_file import StoredFile
from shuzheng.kernel.moment import now


class FileLock(models.Model):
    """Who alone may store versions of a file, until when. One that is past its time is none."""

    file_id: UUID
    file = models.OneToOneField(StoredFile, models.CASCADE, related_name="lock", primary_key=True)
    holder_id: UUID
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("锁定人"))
    holder_name = models.CharField(_("锁定人"), max_length=100)
    reason = models.CharField(_("说明"), max_length=200, blank=True)
    taken_at = models.DateTimeField(_("锁定时间"), default=now)
    until = models.DateTimeField(_("锁定至"))

    class Meta:
        """One per file."""

        verbose_name = _("文件锁定")
        verbose_name_plural = _("文件锁定")

    def __str__(self) -> str:
        """Return until when."""
        return f"{self.file_id} {self.until:%Y-%m-%d %H:%M}"

    def holds(self, at: datetime) -> bool:
        """Say whether it keeps others out at a moment."""
        return at < self.until
