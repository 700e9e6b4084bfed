"""Running processes."""

from __future__ import annotations

from django.db import models

from shuzheng.engines.casework.models.case import Case


class ProcessInstance(models.Model):
    """The state of a case's BPMN process; empty while it is still at its first steps, which are the same for all."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="process_instance")
    state = models.JSONField(null=True)
    finished = models.BooleanField(default=False)

    def __str__(self) -> str:
        """Say whether it goes on."""
        return "finished" if self.finished else "running"
