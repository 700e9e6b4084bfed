"""Rights to use files (使用权)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.models.stored_file import StoredFile
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Use(models.TextChoices):
    """What may be done with a file."""

    READ = "read", _("查看")
    DOWNLOAD = "download", _("下载")
    PRINT = "print", _("打印")
    #: Hand it in with another matter.
    REUSE = "reuse", _("用于办事")
    #: Store a new version.
    REVISE = "revise", _("存入新版本")


class FileRight(models.Model):
    """What the holder of a file lets somebody do with it, for what and until when; to be taken back at any time."""

    id = IdField()
    file_id: UUID
    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="rights", verbose_name=_("文件"), db_index=False)
    #: To the officials of a unit, or to one account.
    unit_id: UUID | None
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", null=True, verbose_name=_("授权给"))
    account_id: UUID | None
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False)
    #: Name of whom it was given to.
    recipient = models.CharField(_("授权给"), max_length=200)
    uses = ArrayField(models.CharField(max_length=10, choices=Use), verbose_name=_("可以"))
    purpose = models.CharField(_("用途"), max_length=200)
    valid_until = models.DateTimeField(_("有效期至"))
    given_by = models.CharField(_("授权人"), max_length=100)
    created_at = models.DateTimeField(_("授权时间"), default=now)
    withdrawn_at = models.DateTimeField(_("收回时间"), null=True)

    class Meta:
        """Read by file, and by the account or unit that asks."""

        verbose_name = _("文件使用权")
        verbose_name_plural = _("文件使用权")
        indexes = [
            models.Index(fields=["file", "-created_at", "-id"], name="documents_right_file"),
            models.Index(fields=["account", "-created_at", "-id"], name="documents_right_account"),
        ]
        constraints = [
            models.CheckConstraint(
                name="documents_right_one_recipient",
                condition=Q(unit__isnull=True, account__isnull=False) | Q(unit__isnull=False, account__isnull=True),
            )
        ]

    def __str__(self) -> str:
        """Return the purpose."""
        return self.purpose

    def in_force(self, at: datetime) -> bool:
        """Say whether it may be used at a moment."""
        return self.withdrawn_at is None and at < self.valid_until

    @property
    def usable(self) -> bool:
        """Say whether it may be used now."""
        return self.in_force(now())

    @property
    def uses_titles(self) -> list[Any]:
        """Return what it allows, in words."""
        return [Use(use).label for use in self.uses]
