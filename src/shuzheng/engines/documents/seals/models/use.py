"""Uses of seals: the log, and counts that need no count (用章日志)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.models.stored_file import StoredFile
from shuzheng.engines.documents.seals.models.grant import SealGrant
from shuzheng.engines.documents.seals.models.request import SealRequest
from shuzheng.engines.documents.seals.models.seal import Seal
from shuzheng.engines.identity.models import Application, Officer
from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class TimeStampState(models.TextChoices):
    """Whether a time-stamping authority dated a stamp, where one is asked at all."""

    GRANTED = "granted", _("已取得时间戳")
    MISSING = "missing", _("无可信时间戳")


class SealUse(models.Model):
    """One stamp on one document (用章记录): written with the stamp, never changed, and named in the public ledger."""

    id = IdField()
    at = models.DateTimeField(_("用章时间"), default=now)
    seal_id: UUID
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="uses", verbose_name=_("印章"))
    division_path = LtreeField()
    grant_id: UUID
    grant = models.ForeignKey(SealGrant, models.PROTECT, related_name="uses", verbose_name=_("授权"))
    request = models.ForeignKey(SealRequest, models.PROTECT, related_name="uses", null=True, verbose_name=_("申请"))
    officer_id: UUID | None
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True, verbose_name=_("盖章人"))
    application = models.ForeignKey(Application, models.PROTECT, related_name="+", null=True, verbose_name=_("应用"))
    document_name = models.CharField(_("文件"), max_length=200)
    document_kind = models.CharField(_("文书类型"), max_length=40)
    item_code = models.CharField(_("事项"), max_length=60, blank=True)
    case_id = models.UUIDField(_("办件"), null=True)
    #: SM3 of the document before the stamp, hexadecimal.
    original = models.CharField(_("原文件摘要"), max_length=64)
    #: SM3 of the signed value: what the ledger and the verifier call this stamp.
    digest = models.CharField(_("签章摘要"), max_length=64, unique=True)
    time_stamp = models.CharField(_("时间戳"), max_length=10, choices=TimeStampState, blank=True, default="")
    ledger_entry = models.UUIDField(_("账本编号"))
    address = models.CharField(_("用印网络地址"), max_length=45, blank=True)

    class Meta:
        """Paged by time, within a seal and over all; searched by words of the document's name."""

        verbose_name = _("用章记录")
        verbose_name_plural = _("用章记录")
        indexes: list[Any] = [
            models.Index(fields=["-at", "-id"], name="documents_use_latest"),
            models.Index(fields=["seal", "-at", "-id"], name="documents_use_seal"),
            GinIndex(fields=["document_name"], name="documents_use_name", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        """Return the document's name."""
        return self.document_name


class StampedFile(models.Model):
    """A file that a stamp for somebody made; it is kept as long as the record of the use is."""

    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+", primary_key=True)
    use = models.OneToOneField(SealUse, models.PROTECT, related_name="+")

    class Meta:
        """Read by file."""

        verbose_name = _("已用印文件")
        verbose_name_plural = _("已用印文件")

    def __str__(self) -> str:
        """Return the file's id."""
        return str(self.pk)


class SealTally(models.Model):
    """Stamps of a seal on a day, by application; in several slots, so that stampers do not wait for each other."""

    id = IdField()
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="tallies")
    application = models.ForeignKey(Application, models.PROTECT, related_name="+", null=True)
    day = models.DateField()
    slot = models.PositiveSmallIntegerField()
    uses = models.PositiveIntegerField(default=0)

    class Meta:
        """One row per slot."""

        verbose_name = _("用章计数")
        verbose_name_plural = _("用章计数")
        constraints = [
            models.UniqueConstraint(
                fields=["seal", "day", "application", "slot"], name="documents_tally_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        """Return day and count."""
        return f"{self.day} {self.uses}"
