"""Definitions (forms, service items, processes …) in their versions, and the packs they came from."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class DefinitionRecord(models.Model):
    """One version of one definition. A published version never changes; cases keep the one they began with."""

    class Status(models.TextChoices):
        """Life of a version."""

        DRAFT = "draft", _("草稿")
        PUBLISHED = "published", _("已发布")
        RETIRED = "retired", _("已停用")

    id = IdField()
    kind = models.CharField(max_length=40)
    #: Natural key, unique per kind, e.g. ``food-business-licence``.
    key = models.CharField(max_length=120)
    #: Semantic version.
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    #: Code of the pack it came from; empty when it was made on the site.
    pack = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    #: Days on which new work uses this version; never overlaps another published version of the key.
    valid = DateRangeField()
    body = models.JSONField()
    #: SM3 of the canonical body.
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=now)
    #: Name of whoever published it.
    published_by = models.CharField(max_length=100, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        """Versions are unique; validity intervals of published versions never overlap."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key", "version"], name="kernel_definition_version"),
            ExclusionConstraint(
                name="kernel_definition_validity",
                expressions=[
                    (F("kind"), RangeOperators.EQUAL),
                    (F("key"), RangeOperators.EQUAL),
                    (F("valid"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status="published") & ~Q(valid__isempty=True),
            ),
        ]

    def __str__(self) -> str:
        """Return kind, key and version."""
        return f"{self.kind} {self.key} {self.version}"


class PackRelease(models.Model):
    """One version of a pack that was loaded, with the hash of everything in it."""

    id = IdField()
    code = models.CharField(max_length=120)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    content_hash = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(default=now)

    class Meta:
        """A pack's version is loaded once per content."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version", "content_hash"], name="kernel_pack_release")
        ]

    def __str__(self) -> str:
        """Return code and version."""
        return f"{self.code} {self.version}"
