"""Materials of a case (申请材料) and requests to supplement them (补正)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.models.case import Case
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Material(models.Model):
    """One material that a case has or still owes."""

    class State(models.TextChoices):
        """Whether it is there."""

        GIVEN = "given", _("已提交")
        SHARED = "shared", _("共享数据核验")
        PROMISED = "promised", _("告知承诺")
        TOLERATED = "tolerated", _("容缺后补")
        WANTED = "wanted", _("需补正")

    id = IdField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="materials", db_index=False)
    #: Code of the material in the service item.
    code = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices)
    #: Stored files, in order: [{id, name, size, content_type}].
    files = models.JSONField(default=list)
    #: What is wrong with it, when it must be supplemented.
    problem = models.TextField(blank=True)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        """One row per material of a case; found by file, to decide who may open it."""

        indexes: ClassVar = [GinIndex(fields=["files"], name="casework_material_files", opclasses=["jsonb_path_ops"])]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "code"], name="casework_material_code")]

    def __str__(self) -> str:
        """Return title and state."""
        return f"{self.title} {self.state}"


class SupplementRequest(models.Model):
    """A complete list of what an applicant must supplement, told once (一次性告知, 行政许可法 §32(1)(4))."""

    id = IdField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="supplement_requests")
    #: [{code, title, problem}]; a material or a section of the form.
    wanted = models.JSONField()
    asked_by = models.CharField(max_length=100)
    asked_at = models.DateTimeField(default=now)
    #: Day until which the applicant is asked to answer.
    answer_until = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return how much is wanted."""
        return f"{len(self.wanted)} wanted"
