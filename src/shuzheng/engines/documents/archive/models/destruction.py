"""Destruction lists (销毁清册)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.archive.models.package import ArchivePackage
from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class ListState(models.TextChoices):
    """Whose turn it is."""

    PROPOSED = "proposed", _("待鉴定")
    REVIEWED = "reviewed", _("已鉴定，待监销")
    ORDERED = "ordered", _("正在销毁")
    DONE = "done", _("已销毁")
    WITHDRAWN = "withdrawn", _("已撤回")


class LineVerdict(models.TextChoices):
    """What the reviewer said of one file."""

    OPEN = "", _("待鉴定")
    DESTROY = "destroy", _("销毁")
    KEEP = "keep", _("延长保管")


class DestructionList(models.Model):
    """Files whose retention is over (销毁清册): one person proposes, a second judges, a third has them destroyed.

    The three are different persons (DA/T 70-2018; 档案法实施条例 §27).
    """

    id = IdField()
    number = models.CharField(_("清册编号"), max_length=40, unique=True)
    title = models.CharField(_("名称"), max_length=200)
    state = models.CharField(max_length=10, choices=ListState, default=ListState.PROPOSED)
    division_path = LtreeField()
    #: Officers by id and name: who proposed, who judged, who had it destroyed.
    author_id = models.UUIDField()
    author_name = models.CharField(max_length=100)
    reviewer_id = models.UUIDField(null=True)
    reviewer_name = models.CharField(max_length=100, blank=True)
    archivist_id = models.UUIDField(null=True)
    archivist_name = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=now)
    reviewed_at = models.DateTimeField(null=True)
    ordered_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    #: 销毁证明: what was destroyed, by its digests; SM3 of it is in the ledger.
    certificate = models.JSONField(default=dict)
    ledger_entry = models.UUIDField(null=True)

    class Meta:
        """The latest first."""

        verbose_name = _("销毁清册")
        verbose_name_plural = _("销毁清册")
        indexes: ClassVar = [models.Index(fields=["-created_at", "-id"], name="documents_destruction_latest")]

    if TYPE_CHECKING:

        def get_state_display(self) -> str:
            """Return the state in words."""
            ...

    def __str__(self) -> str:
        """Return number and title."""
        return f"{self.number} {self.title}"


class DestructionLine(models.Model):
    """One file on a list, and what a person decided about it."""

    id = IdField()
    list = models.ForeignKey(DestructionList, on_delete=models.CASCADE, related_name="lines")
    package = models.ForeignKey(ArchivePackage, on_delete=models.PROTECT, related_name="destruction_lines")
    list_id: UUID
    package_id: UUID
    verdict = models.CharField(max_length=8, choices=LineVerdict, default=LineVerdict.OPEN, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    keep_until = models.DateField(null=True)
    #: Given up with its list.
    closed = models.BooleanField(default=False)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        """A file stands on one open list at most."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package"], condition=Q(closed=False), name="documents_destruction_once"),
        ]

    if TYPE_CHECKING:

        def get_verdict_display(self) -> str:
            """Return the verdict in words."""
            ...

    def __str__(self) -> str:
        """Return the verdict."""
        return str(self.verdict)
