"""Decisions (审批决定)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.models.case import Case
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Decision(models.Model):
    """What a person decided on a case, with reasons, law, validity and the time for objecting."""

    class Kind(models.TextChoices):
        """Granted or refused."""

        GRANTED = "granted", _("准予")
        REFUSED = "refused", _("不予")

    id = IdField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions")
    #: 文书编号.
    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    decided_at = models.DateTimeField(default=now)
    officer_id = models.UUIDField(null=True)
    officer_name = models.CharField(max_length=100)
    reasons = models.TextField()
    legal_basis = models.JSONField(default=list)
    #: First and last day of the decision's effect; no last day means it does not expire.
    effective_on = models.DateField()
    expires_on = models.DateField(null=True)
    #: Last days for reconsideration (行政复议法 §20) and for going to court (行政诉讼法 §46).
    reconsider_until = models.DateField(null=True)
    sue_until = models.DateField(null=True)
    #: A decision that a later one corrected or a reopening set aside.
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        """Expiry is searched by day."""

        indexes: ClassVar = [models.Index(fields=["expires_on"], name="casework_decision_expiry")]

    def __str__(self) -> str:
        """Return number and kind."""
        return f"{self.number} {self.kind}"
