"""Files that were accepted (文件)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.inspection import type_of
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class ScanStatus(models.TextChoices):
    """What the antivirus scanner said."""

    CLEAN = "clean", _("已通过安全检查")
    NOT_SCANNED = "not_scanned", _("未设安全检查")
    QUARANTINED = "quarantined", _("等待安全检查")
    INFECTED = "infected", _("发现病毒，已销毁")


class StoredFile(models.Model):
    """One version of a file (文件版本): its name, holder and author; the bytes lie in the storage under their SM3.

    A version never changes. The first one stands for the file: locks, rights and retention belong to it, later versions
    name it, and whoever refers to a version, e.g. the material of a case, goes on seeing exactly that one.
    """

    id = IdField()
    name = models.CharField(_("文件名"), max_length=200)
    #: What the bytes are, never what the sender claimed.
    content_type = models.CharField(_("类型"), max_length=100)
    #: Bytes.
    size = models.PositiveBigIntegerField(_("大小"))
    #: SM3 of the content, hexadecimal.
    sm3 = models.CharField(_("SM3 摘要"), max_length=64, db_index=True)
    storage_key = models.CharField(_("存储位置"), max_length=100)
    owner_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("上传账户")
    )
    owner_account_id: UUID | None
    scan_status = models.CharField(_("安全检查"), max_length=20, choices=ScanStatus)
    created_at = models.DateTimeField(_("上传时间"), default=now)
    #: The first version; empty on that one itself.
    first = models.ForeignKey("self", models.PROTECT, related_name="later", null=True, db_index=False)
    first_id: UUID | None
    version = models.PositiveIntegerField(_("版本"), default=1)
    #: Why this version was made, by whom, and from which earlier one it was restored.
    reason = models.CharField(_("修改说明"), max_length=200, blank=True)
    author_name = models.CharField(_("作者"), max_length=100, blank=True)
    restored_from = models.PositiveIntegerField(_("恢复自版本"), null=True)
    #: When it was decided that the bytes go; what they were, ``sm3`` and ``size`` still say.
    bytes_gone_at = models.DateTimeField(_("内容销毁时间"), null=True)

    class Meta:
        """Found by id, by holder, by first version and, while they wait for the scanner or for removal, by their state."""

        verbose_name = _("文件")
        verbose_name_plural = _("文件")
        indexes = [
            models.Index(
                fields=["created_at"], name="documents_file_quarantined", condition=models.Q(scan_status="quarantined")
            ),
            models.Index(
                fields=["owner_account", "-created_at", "-id"],
                name="documents_file_mine",
                condition=models.Q(first__isnull=True),
            ),
            models.Index(
                fields=["bytes_gone_at"],
                name="documents_file_leaving",
                condition=models.Q(bytes_gone_at__isnull=False) & ~models.Q(storage_key=""),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "version"], name="documents_file_version", condition=models.Q(first__isnull=False)
            )
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @property
    def head_id(self) -> UUID:
        """Return the id of the first version, which stands for the file."""
        return self.first_id or self.pk

    @property
    def readable(self) -> bool:
        """Say whether the bytes may be handed out."""
        return self.bytes_gone_at is None and self.scan_status in (ScanStatus.CLEAN, ScanStatus.NOT_SCANNED)

    @property
    def notice(self) -> Any:
        """Return what its owner should know, or nothing."""
        if self.bytes_gone_at is not None:
            return _("留存期满，文件内容已经销毁，只保留登记信息和摘要。")
        if self.scan_status == ScanStatus.QUARANTINED:
            return _("文件已收到。安全检查服务暂时不可用，检查通过后才能打开；您可以继续办理。")
        if self.scan_status == ScanStatus.INFECTED:
            return _("文件中发现病毒，已经销毁。请用杀毒软件检查您的设备，再重新上传干净的文件。")
        return ""

    @property
    def previewable(self) -> bool:
        """Say whether browsers can safely show it."""
        return type_of(self.content_type).preview
