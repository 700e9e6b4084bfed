"""Archive packages (归档信息包)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class PackageState(models.TextChoices):
    """What has become of a package."""

    KEPT = "kept", _("在库")
    REOPENED = "reopened", _("办件重新办理，暂停计算保管期限")
    SUPERSEDED = "superseded", _("已有新版本")
    TRANSFERRED = "transferred", _("已移交")
    ORDERED = "ordered", _("正在销毁")
    DESTROYED = "destroyed", _("已销毁")


#: States in which the content is there.
HELD = (PackageState.KEPT, PackageState.REOPENED, PackageState.SUPERSEDED, PackageState.TRANSFERRED)


class ArchivePackage(models.Model):
    """One closed matter as it was archived (归档信息包): the record outlives the content.

    The content is one zip file in the vault, addressed by its SM3. Nothing here names a person, so the record may stay.
    """

    id = IdField()
    #: Engine that handed it over, the thing's id there, and its revision.
    source = models.CharField(max_length=20)
    subject = models.UUIDField()
    revision = models.IntegerField()
    version = models.IntegerField(_("版本"), default=1)
    #: 档号.
    code = models.CharField(_("档号"), max_length=200, unique=True)
    number = models.CharField(_("办件编号"), max_length=60)
    title = models.CharField(_("题名"), max_length=300)
    item_code = models.CharField(_("事项代码"), max_length=120)
    fonds = models.CharField(_("全宗号"), max_length=60)
    organ = models.CharField(_("立档单位"), max_length=200, blank=True)
    category = models.CharField(_("门类"), max_length=8)
    classification = models.CharField(_("分类号"), max_length=30, blank=True)
    year = models.IntegerField(_("年度"))
    retention = models.CharField(_("保管期限"), max_length=10)
    nomination = models.CharField(_("到期处置"), max_length=10)
    secrecy = models.CharField(_("密级"), max_length=10)
    #: The rule as it was on closing.
    rule = models.JSONField(default=dict)
    #: Days known about the matter, as ``retention.Dates``.
    dates = models.JSONField(default=dict)
    #: Source date and first day after retention; empty while unknown, or without end.
    starts_on = models.DateField(_("起算日"), null=True)
    due_on = models.DateField(_("到期日"), null=True)
    division_path = LtreeField()
    party_kind = models.CharField(max_length=6, blank=True)
    party_id = models.UUIDField(null=True)
    elements = models.JSONField(default=list)

    state = models.CharField(_("状态"), max_length=12, choices=PackageState, default=PackageState.KEPT)
    storage_key = models.CharField(max_length=120, blank=True)
    #: Of the zip file, bytes and SM3; of its manifest, SM3.
    size = models.BigIntegerField(default=0)
    sm3 = models.CharField(max_length=64)
    manifest_sm3 = models.CharField(max_length=64)
    #: What is inside: [{path, title, role, size, sm3}].
    contents = models.JSONField(default=list)
    #: Of the four properties, what was found at ingest: [{property, code, level, path, message}].
    findings = models.JSONField(default=list)
    sound = models.BooleanField(default=True)
    ledger_entry = models.UUIDField(null=True)
    #: Installation that it came from, for one that was taken over.
    received_from = models.CharField(max_length=200, blank=True)

    closed_at = models.DateTimeField(_("办结时间"))
    archived_at = models.DateTimeField(_("归档时间"), default=now)
    #: When its bytes were last read and found unchanged.
    verified_at = models.DateTimeField(default=now)
    damaged_at = models.DateTimeField(null=True)
    #: What the last reading found: [{path, problem}].
    damage = models.JSONField(default=list)
    #: When it was announced as due.
    announced_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        """Found by case, by number, by class and year, by due day, and by the longest unread."""

        verbose_name = _("归档信息包")
        verbose_name_plural = _("归档信息包")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "subject", "revision"], name="documents_archive_revision"),
            models.UniqueConstraint(fields=["source", "subject", "version"], name="documents_archive_version"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["number"], name="documents_archive_number", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["-archived_at", "-id"], name="documents_archive_latest"),
            models.Index(fields=["item_code", "-archived_at"], name="documents_archive_item"),
            models.Index(fields=["due_on", "id"], name="documents_archive_due", condition=Q(state="kept")),
            models.Index(fields=["verified_at", "id"], name="documents_archive_unread", condition=~Q(storage_key="")),
            models.Index(
                fields=["damaged_at"], name="documents_archive_damaged", condition=Q(damaged_at__isnull=False)
            ),
            GistIndex(fields=["division_path"], name="documents_archive_division"),
        ]

    if TYPE_CHECKING:

        def get_state_display(self) -> str:
            """Return the state in words."""
            ...

    def __str__(self) -> str:
        """Return code and title."""
        return f"{self.code} {self.title}"

    @property
    def held(self) -> bool:
        """Say whether the content is there to be read."""
        return self.state in HELD and bool(self.storage_key)
