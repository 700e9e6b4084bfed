"""Requests that were already carried out, by the key their sender chose."""

from __future__ import annotations

from django.db import models

from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class IdempotencyRecord(models.Model):
    """One performed request: repeating it with the same key returns the first result."""

    id = IdField()
    #: Account that sent it, or empty for the platform.
    sender = models.CharField(max_length=36)
    action = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    #: SM3 of the canonical input, so that a key cannot be reused for something else.
    input_hash = models.CharField(max_length=64)
    #: What ``Action.recall`` needs to return the first result.
    result = models.JSONField(null=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        """One record per sender, action and key."""

        constraints = [models.UniqueConstraint(fields=["sender", "action", "key"], name="kernel_idempotency_key")]
        indexes = [models.Index(fields=["created_at"], name="kernel_idempotency_age")]

    def __str__(self) -> str:
        """Return action and key."""
        return f"{self.action} {self.key}"
