"""Retention of single files (留存期)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.models.stored_file import StoredFile


class Disposal(models.TextChoices):
    """What happens when the time is over."""

    KEEP = "keep", _("继续保存")
    DESTROY = "destroy", _("销毁内容，保留登记信息和摘要")


class FileRetention(models.Model):
    """How long a file is kept and what happens then; a hold stops whatever would happen (停止销毁).

    What is only held has no period. A file of a matter that is archived follows the archive, whatever this says.
    """

    file_id: UUID
    file = models.OneToOneField(StoredFile, models.CASCADE, related_name="retention", primary_key=True)
    #: 永久 or so many years; empty for a file that is only held.
    period = models.CharField(_("留存期限"), max_length=10, blank=True)
    starts_on = models.DateField(_("起算日"), null=True)
    #: First day after the period; empty without end.
    due_on = models.DateField(_("到期日"), null=True)
    disposal = models.CharField(_("到期处置"), max_length=10, choices=Disposal, default=Disposal.KEEP)
    set_by = models.CharField(_("设定人"), max_length=100, blank=True)
    #: Whether officials set it; then only officials change it.
    by_office = models.BooleanField(default=False)
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    #: When the nightly job looks at it; put off while the file belongs to a matter that is not over.
    look_on = models.DateField(null=True)
    held_at = models.DateTimeField(_("停止销毁时间"), null=True)
    held_by = models.CharField(_("停止销毁经办人"), max_length=100, blank=True)
    #: Units of whoever holds; only they release. Empty for the platform's own holds.
    held_unit_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    hold_reason = models.CharField(_("停止销毁原因"), max_length=300, blank=True)

    class Meta:
        """The nightly job reads what is due."""

        verbose_name = _("文件留存期")
        verbose_name_plural = _("文件留存期")
        indexes = [
            models.Index(
                fields=["look_on", "file"],
                name="documents_retention_due",
                condition=Q(look_on__isnull=False, held_at__isnull=True),
            )
        ]

    if TYPE_CHECKING:

        def get_disposal_display(self) -> str:
            """Return what happens at the end, in words."""
            ...

    def __str__(self) -> str:
        """Return period and end."""
        return f"{self.period} {self.due_on or ''}"

    @property
    def held(self) -> bool:
        """Say whether a hold stops what would happen."""
        return self.held_at is not None
