"""What hangs on a case: notes, other parties, other cases."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.models.case import Case
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Note(models.Model):
    """A note that officials leave for each other; never shown to the applicant."""

    id = IdField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    author_id = models.UUIDField(null=True)
    author_name = models.CharField(max_length=100)
    written_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        """Return the text."""
        return self.text


class Participation(models.Model):
    """Another party of a case (利害关系人、共同申请人)."""

    id = IdField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="participations")
    role = models.CharField(max_length=30)
    party_kind = models.CharField(max_length=6)
    party_id = models.UUIDField(null=True)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        """Return role and name."""
        return f"{self.role} {self.name}"


class CaseRelation(models.Model):
    """One case's relation to another."""

    class Kind(models.TextChoices):
        """What the other case is to this one."""

        PARENT = "parent", _("上级办件")
        FOLLOW_UP = "follow_up", _("后续办件")
        DUPLICATE = "duplicate", _("重复办件")
        RELATED = "related", _("关联办件")

    id = IdField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    created_at = models.DateTimeField(default=now)

    class Meta:
        """A relation is told once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "other", "kind"], name="casework_relation")]

    def __str__(self) -> str:
        """Return the kind."""
        return self.kind
