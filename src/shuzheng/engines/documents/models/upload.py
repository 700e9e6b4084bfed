"""Uploads on their way (上传)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.models.stored_file import StoredFile
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now

#: Time for finishing an upload.
LIFETIME = timedelta(hours=24)


def deadline() -> datetime:
    """Return until when an upload that begins now may be finished."""
    return now() + LIFETIME


class Upload(models.Model):
    """A file being sent in pieces. How much has arrived is the length of its part on disk, so a piece writes no row."""

    id = IdField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", null=True)
    name = models.CharField(max_length=200)
    #: Bytes announced.
    length = models.PositiveBigIntegerField()
    #: What it became.
    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="+", null=True)
    account_id: UUID | None
    file_id: UUID | None
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(default=deadline, db_index=True)

    class Meta:
        """PackagesCounted per account."""

        verbose_name = _("上传")
        verbose_name_plural = _("上传")

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @property
    def expired(self) -> bool:
        """Say whether its time is over."""
        return self.file_id is None and self.expires_at <= now()
