"""Saved views of work lists."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class SavedView(models.Model):
    """A filter of a work list that an officer named and kept."""

    id = IdField()
    officer_id = models.UUIDField()
    name = models.CharField(max_length=40)
    #: Query parameters of the list.
    filters = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now)

    class Meta:
        """Names are unique for an officer."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["officer_id", "name"], name="casework_view_name")]

    def __str__(self) -> str:
        """Return the name."""
        return self.name
