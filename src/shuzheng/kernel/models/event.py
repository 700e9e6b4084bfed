"""Events as they were announced."""

from __future__ import annotations

from django.db import models

from shuzheng.kernel.fields import IdField


class EventRecord(models.Model):
    """One CloudEvent, stored in the transaction of the action that announced it."""

    id = IdField()
    type = models.CharField(max_length=100)
    subject = models.CharField(max_length=100)
    time = models.DateTimeField()
    data = models.JSONField()
    correlation_id = models.CharField(max_length=64)

    class Meta:
        """Read by subject; delivered by jobs, so no index by type is needed."""

        indexes = [models.Index(fields=["subject", "time"], name="kernel_event_subject")]

    def __str__(self) -> str:
        """Return type and subject."""
        return f"{self.type} {self.subject}"
