"""Case numbers reserved before their cases exist."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class NumberReservation(models.Model):
    """A case number that a window took in advance (预留办件编号)."""

    id = IdField()
    number = models.CharField(max_length=30, unique=True)
    division_code = models.CharField(max_length=12)
    item_code = models.CharField(max_length=120)
    reserved_by = models.UUIDField(null=True)
    reserved_at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        """Unused numbers of a window are listed by time."""

        indexes: ClassVar = [models.Index(fields=["reserved_by", "used_at"], name="casework_reservation_by")]

    def __str__(self) -> str:
        """Return the number."""
        return self.number
