"""Service items as they are searched and listed; the truth is the published definition."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.models import DefinitionRecord
from shuzheng.kernel.moment import now


class ServiceItem(models.Model):
    """One service item (事项) in force: a projection of its definition for search, lists and counts."""

    code = models.CharField(max_length=120, primary_key=True)
    definition = models.ForeignKey(DefinitionRecord, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    summary = models.TextField(blank=True)
    owner_kind = models.CharField(max_length=60)
    owner_name = models.CharField(max_length=100)
    #: Division that the item is limited to; empty if it is offered wherever its levels are.
    division_code = models.CharField(max_length=12, blank=True)
    #: person, legal.
    audiences = ArrayField(models.CharField(max_length=10), default=list)
    themes = ArrayField(models.CharField(max_length=40), default=list)
    online = models.BooleanField(default=True)
    #: Declared as what people ask for most (常办).
    everyday = models.BooleanField(default=False)
    #: Applications of the last year, renewed by a job.
    popularity = models.IntegerField(default=0)
    #: Segmented words, the title's weighing most.
    words = SearchVectorField()
    #: Title and aliases in one text, for typing errors.
    phrase = models.TextField()
    updated_at = models.DateTimeField(default=now)

    class Meta:
        """Full text, trigram, themes; what people ask for most first."""

        verbose_name = _("事项")
        verbose_name_plural = _("事项")
        indexes: ClassVar = [
            GinIndex(fields=["words"], name="casework_item_words"),
            GinIndex(fields=["phrase"], name="casework_item_phrase", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["themes"], name="casework_item_themes"),
            models.Index(fields=["-everyday", "-popularity", "code"], name="casework_item_popular"),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title
