"""Ratings (好差评)."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.models.case import Case
from shuzheng.kernel.fields import LtreeField
from shuzheng.kernel.moment import now


class Rating(models.Model):
    """What an applicant thought of the service, once per case, on five levels (GB/T 39735)."""

    class Level(models.IntegerChoices):
        """Five levels; the lowest two open a follow-up."""

        VERY_POOR = 1, _("非常不满意")
        POOR = 2, _("不满意")
        FAIR = 3, _("基本满意")
        GOOD = 4, _("满意")
        VERY_GOOD = 5, _("非常满意")

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="rating")
    level = models.SmallIntegerField(choices=Level.choices, validators=[MinValueValidator(1), MaxValueValidator(5)])
    #: Codes of the reasons chosen.
    reasons = models.JSONField(default=list)
    text = models.TextField(blank=True)
    rated_at = models.DateTimeField(default=now)
    unit_id = models.UUIDField(null=True)
    division_path = LtreeField()

    class Meta:
        """Read by unit and time."""

        indexes: ClassVar = [models.Index(fields=["unit_id", "-rated_at"], name="casework_rating_unit")]

    def __str__(self) -> str:
        """Return the level."""
        return f"{self.level}"
