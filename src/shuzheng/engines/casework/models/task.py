"""Tasks (待办): what somebody on a post must do."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.models.case import FAR_FUTURE, Case
from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class Task(models.Model):
    """One step of a case waiting for a post of a unit. Carries what a work list shows, so that a list is one statement."""

    class Kind(models.TextChoices):
        """Where the task comes from."""

        STEP = "step", _("流程环节")
        CONSULT = "consult", _("会办")
        COUNTERSIGN = "countersign", _("会签")
        EXTENSION = "extension", _("延期审批")
        SUPERVISION = "supervision", _("督办")

    class State(models.TextChoices):
        """Life of a task."""

        OPEN = "open", _("待办")
        DONE = "done", _("已办")
        CANCELLED = "cancelled", _("已取消")

    id = IdField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    case_id: UUID
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.STEP)
    #: Id of the step in the process, e.g. ``examine``.
    step = models.CharField(max_length=80)
    #: Token of the process engine that the task completes.
    token = models.CharField(max_length=36, blank=True)
    title = models.CharField(max_length=200)
    unit_id = models.UUIDField()
    post = models.CharField(max_length=40)
    division_path = LtreeField()
    #: Officer who took it or was given it.
    assignee_id = models.UUIDField(null=True)
    assignee_name = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    #: Names of the actions that the step offers.
    acts = models.JSONField(default=list)
    #: What is asked (consultations, extensions) or what the step needs to know.
    request = models.JSONField(default=dict)
    #: How it ended.
    outcome = models.CharField(max_length=40, blank=True)
    answer = models.TextField(blank=True)
    done_by = models.CharField(max_length=100, blank=True)
    opened_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)
    #: The earlier of the step's and the case's own due instants; FAR_FUTURE while none runs.
    due_at = models.DateTimeField(default=FAR_FUTURE)
    amber_at = models.DateTimeField(default=FAR_FUTURE)
    red_at = models.DateTimeField(default=FAR_FUTURE)

    #: Copied from the case for the list.
    case_number = models.CharField(max_length=30)
    case_title = models.CharField(max_length=300)
    item_code = models.CharField(max_length=120)
    applicant_name = models.CharField(max_length=200)
    case_state = models.CharField(max_length=12)

    class Meta:
        """Work lists read open tasks by unit and post, the most urgent first; done tasks leave the index."""

        verbose_name = _("待办")
        verbose_name_plural = _("待办")
        indexes: ClassVar = [
            models.Index(
                fields=["unit_id", "post", "due_at", "id"], name="casework_task_work", condition=Q(state="open")
            ),
            models.Index(
                fields=["assignee_id", "due_at", "id"], name="casework_task_assignee", condition=Q(state="open")
            ),
            models.Index(fields=["due_at", "id"], name="casework_task_due", condition=Q(state="open")),
            models.Index(fields=["case", "opened_at"], name="casework_task_case"),
        ]

    def __str__(self) -> str:
        """Return step and case number."""
        return f"{self.title} {self.case_number}"
