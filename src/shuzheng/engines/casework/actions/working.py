"""Working on a case: take, assign, transfer, forward, return, note."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.casework.actions.base import CaseAct, CaseInput, State
from shuzheng.engines.casework.errors import ActNotOffered, NotYourTask
from shuzheng.engines.casework.models import Note, Task
from shuzheng.engines.casework.policies import HANDLE, holds
from shuzheng.engines.identity.queries import officers_on, unit
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.policy import OFFICER


class TaskInput(CaseInput):
    """One open task of the case."""

    task_id: UUID


OnTask = TypeVar("OnTask", bound=TaskInput)


class TaskAct(CaseAct[OnTask]):
    """Base of the acts on one open task."""

    def task(self, given: OnTask) -> Task:
        """Return the open task. Raises ActNotOffered if it was done meanwhile."""
        found = next((task for task in self.file.open_tasks() if task.pk == given.task_id), None)
        if found is None:
            raise ActNotOffered(act=self.title)
        return found


class TakeTask(TaskAct[TaskInput]):
    """Take a task of one's post (领办), so that colleagues see who deals with it."""

    name = "casework.take_task"
    permission = OFFICER
    title = _("领办")

    def act(self, actor: Actor, given: TaskInput) -> None:
        """Assign the task to the actor."""
        task = self.task(given)
        if task.assignee_id is not None or not holds(actor, task):
            raise NotYourTask
        task.assignee_id, task.assignee_name = actor.officer_id, actor.name
        self.tell(actor, _("您的办件由专人承办。"), f"{actor.name} · {task.title}")


class AssignTaskInput(TaskInput):
    """To whom."""

    officer_id: UUID
    note: str = Field(default="", max_length=1000)


class AssignTask(TaskAct[AssignTaskInput]):
    """Give a task to an officer who holds its post (指派)."""

    name = "casework.assign_task"
    permission = HANDLE
    title = _("指派")

    def act(self, actor: Actor, given: AssignTaskInput) -> None:
        """Assign the task."""
        task = self.task(given)
        officer = officers_on(task.unit_id, task.post).filter(pk=given.officer_id).first()
        if officer is None:
            raise NotYourTask(_("这位同志不在该环节的岗位上，请选择其他人。"))
        task.assignee_id, task.assignee_name = officer.pk, officer.person.name
        self.tell(actor, _("您的办件由专人承办。"), f"{task.title} → {task.assignee_name} {given.note}".strip())


class TransferCaseInput(CaseInput):
    """To which unit, and why."""

    unit_id: UUID
    reason: str = Field(min_length=5, max_length=2000)


class TransferCase(CaseAct[TransferCaseInput]):
    """Hand the case to another unit (转办); the clocks go on."""

    name = "casework.transfer_case"
    permission = HANDLE
    title = _("转办")
    states = frozenset({State.FILED, State.ACCEPTED})

    def act(self, actor: Actor, given: TransferCaseInput) -> None:
        """Move the case and its open steps."""
        self.handlers_task(actor)
        target = unit(given.unit_id)
        case, former = self.file.case, self.file.case.handling_unit_id
        case.handling_unit_id = target.pk
        case.division_path = target.division_path
        for task in self.file.open_tasks():
            if task.unit_id == former:
                task.unit_id, task.division_path = target.pk, case.division_path
                task.assignee_id, task.assignee_name = None, ""
        self.tell(actor, format_lazy(_("您的办件已转由{unit}办理。"), unit=target.name), given.reason)
        self.announce("case_transferred", unit=str(target.pk))


class ForwardStepInput(CaseInput):
    """The opinion of the step."""

    opinion: str = Field(min_length=2, max_length=5000)
    #: Outcome for the process; ``forward`` unless the step offers others.
    outcome: str = Field(default="forward", pattern=r"^[a-z_]{1,40}$")


class ForwardStep(CaseAct[ForwardStepInput]):
    """Finish a step with an opinion and let the process go on (提交下一环节)."""

    name = "casework.forward_step"
    permission = OFFICER
    title = _("提交下一环节")
    states = frozenset({State.ACCEPTED, State.SUSPENDED, State.DECIDED})

    def act(self, actor: Actor, given: ForwardStepInput) -> None:
        """Complete the step."""
        task = self.step_task(actor)
        self.tell(actor, format_lazy(_("“{step}”已完成。"), step=task.title), given.opinion)
        self.file.complete_step(actor, task, given.outcome, given.opinion)
        self.announce("step_completed", step=task.step)


class ReturnStepInput(CaseInput):
    """To which earlier step, and why."""

    step: str = Field(max_length=80)
    reason: str = Field(min_length=5, max_length=2000)


class ReturnStep(CaseAct[ReturnStepInput]):
    """Return a case to an earlier step (退回)."""

    name = "casework.return_step"
    permission = HANDLE
    title = _("退回")
    states = frozenset({State.ACCEPTED})

    def act(self, actor: Actor, given: ReturnStepInput) -> None:
        """Open the earlier step again. Raises NotFound if the case never was there."""
        self.handlers_task(actor)
        done = Task.objects.filter(case=self.file.case, step=given.step, state=Task.State.DONE)
        if not done.exists():
            raise NotFound(_("办件没有经过这个环节，不能退回。"))
        self.tell(actor, _("办件退回上一环节继续办理。"), given.reason)
        self.file.send_back(actor, given.step)
        self.announce("case_returned", step=given.step)


class AddNoteInput(CaseInput):
    """A note for colleagues."""

    text: str = Field(min_length=1, max_length=5000)


class AddNote(CaseAct[AddNoteInput]):
    """Leave a note for colleagues (备注); the applicant does not see it."""

    name = "casework.add_note"
    permission = OFFICER
    title = _("备注")
    states = frozenset(State)

    def act(self, actor: Actor, given: AddNoteInput) -> None:
        """Write the note."""
        Note.objects.create(case=self.file.case, text=given.text, author_id=actor.officer_id, author_name=actor.name)
