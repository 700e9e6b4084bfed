"""What the supervisor of ``shuzheng up`` reports of its processes (进程变动)."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.resources.models import ProcessEvent
from shuzheng.engines.resources.policies import EVALUATE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

Kind = ProcessEvent.Kind


class IncidentInput(Input):
    """One thing that happened to a process."""

    kind: Literal["added", "retired", "crash-loop", "recovered"]
    program: str = Field(max_length=80)
    web: int = Field(ge=0, le=1000)
    workers: int = Field(ge=0, le=1000)
    reason: str = Field(default="", max_length=400)


class NoteProcessesInput(Input):
    """What happened on one machine, in order."""

    host: str = Field(max_length=100)
    incidents: list[IncidentInput] = Field(min_length=1, max_length=200)


class NoteProcesses(Action[NoteProcessesInput, None]):
    """Keep what a supervisor did to its processes; a crash loop is told to the operators on duty (登记进程变动).

    Emits ``resources.process_failing`` for each process newly caught in a crash loop.
    """

    name = "resources.note_processes"
    permission = EVALUATE
    title = _("登记进程变动")

    def perform(self, actor: Actor, given: NoteProcessesInput) -> None:
        """Append; a process that works again, or is gone, closes its crash loop."""
        for incident in given.incidents:
            open_now = ProcessEvent.objects.filter(
                host=given.host, program=incident.program, kind=Kind.CRASH_LOOP, resolved_at=None
            )
            if incident.kind == Kind.CRASH_LOOP:
                if open_now.exists():
                    continue
            else:
                open_now.update(resolved_at=now())
            event = ProcessEvent.objects.create(host=given.host, **incident.model_dump())
            if incident.kind == Kind.CRASH_LOOP:
                self.emit("resources.process_failing", event.pk, program=event.program, host=event.host)
        self.about(None, host=given.host, count=len(given.incidents))
