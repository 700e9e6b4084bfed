"""Clocks of cases (时限) and the facts that they are computed from."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.clock import ClockEvent, ClockRule
from shuzheng.engines.casework.models.case import FAR_FUTURE, Case
from shuzheng.kernel.fields import IdField


class Clock(models.Model):
    """One clock of a case: its rule, and what it showed when it was last computed (never the truth, only an index)."""

    class State(models.TextChoices):
        """Whether it may still turn a card."""

        RUNNING = "running", _("计时中")
        SUSPENDED = "suspended", _("暂停")
        STOPPED = "stopped", _("停止")

    id = IdField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clocks", db_index=False)
    case_id: UUID
    #: Step that the clock belongs to; empty for clocks of the whole case.
    task_id = models.UUIDField(null=True)
    code = models.CharField(max_length=64)
    rule = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(default=FAR_FUTURE)
    amber_at = models.DateTimeField(default=FAR_FUTURE)
    red_at = models.DateTimeField(default=FAR_FUTURE)
    #: The due date lies in a year whose holidays are not announced.
    provisional = models.BooleanField(default=False)
    calendar_version = models.CharField(max_length=64)
    #: Next moment at which somebody must be told: amber, red, lapse; FAR_FUTURE when all was told.
    notice_at = models.DateTimeField(default=FAR_FUTURE)
    #: Last card of which notice was given: green, amber, red or lapsed.
    noticed = models.CharField(max_length=6, default="green")
    division_path = models.CharField(max_length=100)

    class Meta:
        """One clock of a code per case and step; jobs read by time, and walk over the clocks that still run."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "code", "task_id"], name="casework_clock_code", nulls_distinct=False
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["notice_at"], name="casework_clock_notice", condition=Q(notice_at__lt=FAR_FUTURE)),
            models.Index(fields=["case"], name="casework_clock_live", condition=~Q(state="stopped")),
        ]

    def __str__(self) -> str:
        """Return code and state."""
        return f"{self.code} {self.state}"

    @cached_property
    def parsed_rule(self) -> ClockRule:
        """Return the rule as the pure clock reads it."""
        return ClockRule.model_validate(self.rule)


class ClockFact(models.Model):
    """One fact in the life of a case's clocks (计时事件), append-only; a fact without a clock concerns all of them."""

    id = IdField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clock_facts", db_index=False)
    case_id: UUID
    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="+", null=True, db_index=False)
    clock_id: UUID | None
    at = models.DateTimeField()
    #: The pure clock's event as JSON.
    event = models.JSONField()

    class Meta:
        """Read with the case."""

        indexes: ClassVar = [models.Index(fields=["case", "at"], name="casework_clock_fact_case")]

    def __str__(self) -> str:
        """Return kind and time."""
        return f"{self.event['kind']} {self.at:%Y-%m-%d %H:%M}"

    @cached_property
    def parsed(self) -> ClockEvent:
        """Return the event as the pure clock reads it."""
        return ClockEvent.model_validate(self.event)

    @classmethod
    def of(cls, case_id: Any, event: ClockEvent, clock: Clock | None = None) -> ClockFact:
        """Return an unsaved fact for an event."""
        plain = event.model_dump(mode="json", exclude_defaults=True)
        fact = cls(case_id=case_id, clock=clock, at=event.at, event=plain)
        fact.parsed = event
        return fact
