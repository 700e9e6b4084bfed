"""Administrative divisions (行政区划) of all five levels, what they were before, and where they lie."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class Division(models.Model):
    """One division of the present edition (统计用区划代码), from the province to the village.

    A division that a newer edition no longer has keeps its row with the day it ended, because cases point to it.
    """

    class Level(models.IntegerChoices):
        """Levels of the statistical division codes."""

        PROVINCE = 1, _("省级")
        CITY = 2, _("地级")
        COUNTY = 3, _("县级")
        TOWNSHIP = 4, _("乡级")
        VILLAGE = 5, _("村级")

    #: Twelve digits, padded with zeros: 360702000000.
    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=80)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    #: Unpadded codes from the province down: 36.3607.360702; scopes of permissions are such paths.
    path = LtreeField()
    #: Code of the division above; empty for a province.
    parent_code = models.CharField(max_length=12, blank=True)
    #: Names from the province down, joined: 江西省赣州市章贡区.
    full_name = models.CharField(max_length=300)
    #: A point inside the division in degrees (CGCS2000), where its boundary is known.
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    #: First day on which the code named this division, if a recorded change tells.
    valid_from = models.DateField(null=True)
    #: First day on which it no longer did; empty for present divisions.
    valid_to = models.DateField(null=True)
    #: Pack and version the row came from.
    source = models.CharField(max_length=120)

    class Meta:
        """Found by path, by parent and by parts of the name."""

        verbose_name = _("行政区划")
        verbose_name_plural = _("行政区划")
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [
            GistIndex(fields=["path"], name="vocabulary_division_path"),
            GinIndex(fields=["name"], name="vocabulary_division_name", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["parent_code", "code"], name="vocabulary_division_parent"),
        ]

    def __str__(self) -> str:
        """Return the full name."""
        return self.full_name

    @property
    def short_code(self) -> str:
        """Return the code without the zeros that pad it: 36, 3607, 360702, 360702001, 360702001001."""
        return self.path.rsplit(".", 1)[-1]


class DivisionChange(models.Model):
    """One change of a division's code or name (区划变更): what it was, what it became, when.

    The yearly editions of GB/T 2260 tell only the year; such a change counts from that year's last day, and a question
    about a day within the year is answered as uncertain.
    """

    class Kind(models.TextChoices):
        """What happened."""

        CREATED = "created", _("新设")
        ABOLISHED = "abolished", pgettext_lazy("division", "撤销")
        RENUMBERED = "renumbered", _("改码")
        RENAMED = "renamed", _("更名")
        ADJUSTED = "adjusted", _("区划调整")
        COUNTY_TO_CITY = "county_to_city", _("撤县设市")
        COUNTY_TO_DISTRICT = "county_to_district", _("撤县设区")
        CITY_TO_DISTRICT = "city_to_district", _("撤市设区")
        PREFECTURE_TO_CITY = "prefecture_to_city", _("撤地设市")

    id = IdField()
    effective_on = models.DateField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    #: Twelve digits; empty for a division that was created.
    old_code = models.CharField(max_length=12, blank=True)
    old_name = models.CharField(max_length=80, blank=True)
    #: Twelve digits; of an abolished division, the one that took over its area, or empty.
    new_code = models.CharField(max_length=12, blank=True)
    new_name = models.CharField(max_length=80, blank=True)
    #: Number of the approving document, where known: 国函〔2018〕23号.
    document = models.CharField(max_length=80, blank=True)
    url = models.URLField(max_length=200, blank=True)
    note = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=120)

    class Meta:
        """A unit changes once a year."""

        verbose_name = _("区划变更")
        verbose_name_plural = _("区划变更")
        ordering: ClassVar = ["effective_on", "old_code", "new_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["effective_on", "old_code", "old_name", "new_code"], name="vocabulary_division_change"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["old_code", "effective_on"], name="vocabulary_change_old"),
            models.Index(fields=["new_code", "effective_on"], name="vocabulary_change_new"),
        ]

    def __str__(self) -> str:
        """Return year, old and new name."""
        return f"{self.effective_on.year} {self.old_name or '—'} → {self.new_name or '—'}"


class DivisionBoundary(models.Model):
    """The polygon of a province, city or county, thinned for display and look-up; neighbours share their edges."""

    code = models.CharField(max_length=12, primary_key=True)
    #: GeoJSON geometry (Polygon or MultiPolygon) in degrees, CGCS2000.
    geometry = models.JSONField()
    source = models.CharField(max_length=120)
    loaded_at = models.DateTimeField(default=now)

    class Meta:
        """Small enough to be read whole."""

        verbose_name = _("区划边界")
        verbose_name_plural = _("区划边界")
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        """Return the code."""
        return self.code
