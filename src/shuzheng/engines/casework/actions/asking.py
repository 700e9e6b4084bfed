"""Asking others (会办、会签、督办): consult, countersign, supervise, and answer."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from pydantic import Field

from shuzheng.engines.casework.actions.base import CaseAct, CaseInput, State
from shuzheng.engines.casework.actions.working import TaskAct, TaskInput
from shuzheng.engines.casework.casefile import in_our_words
from shuzheng.engines.casework.clock import ClockKind, standard_rule
from shuzheng.engines.casework.definitions.parts import Limit
from shuzheng.engines.casework.errors import ActNotOffered, NotYourTask
from shuzheng.engines.casework.models import Task
from shuzheng.engines.casework.policies import HANDLE, SUPERVISE, holds
from shuzheng.engines.identity.queries import unit
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.policy import OFFICER


class ConsultInput(CaseInput):
    """Which units, what is asked, by when."""

    unit_ids: list[UUID] = Field(min_length=1, max_length=20)
    question: str = Field(min_length=5, max_length=2000)
    #: Working days for the answer.
    days: int = Field(default=3, ge=1, le=30)


class _AskUnits(CaseAct[ConsultInput]):
    """What consulting and countersigning have in common."""

    permission = HANDLE
    states = frozenset({State.ACCEPTED, State.SUSPENDED})
    kind: Task.Kind
    post = "handler"

    def act(self, actor: Actor, given: ConsultInput) -> None:
        """Open a task for each unit."""
        self.handlers_task(actor)
        names = []
        for unit_id in dict.fromkeys(given.unit_ids):
            target = unit(unit_id)
            names.append(target.name)
            self.file.open_task(
                limit=Limit(amount=given.days),
                kind=self.kind,
                step=str(self.kind),
                title=in_our_words(self.kind.label),
                unit_id=target.pk,
                post=self.post,
                division_path=target.division_path,
                acts=[AnswerTask.name],
                request={"question": given.question, "by": actor.name},
            )
        self.tell(actor, format_lazy(_("正在征求{units}的意见。"), units="、".join(names)), given.question)
        self.announce("opinions_asked", count=len(names))


class Consult(_AskUnits):
    """Ask other units for their opinion (会办); the decision waits for the answers."""

    name = "casework.consult"
    title = pgettext_lazy("act", "会办")
    kind = Task.Kind.CONSULT


class Countersign(_AskUnits):
    """Ask the leaders of other units to countersign (会签); the decision waits for all of them."""

    name = "casework.countersign"
    title = pgettext_lazy("act", "会签")
    kind = Task.Kind.COUNTERSIGN
    post = "approver"


class AnswerTaskInput(TaskInput):
    """The opinion."""

    answer: Literal["agree", "disagree", "none"] = "agree"
    opinion: str = Field(min_length=2, max_length=5000)


class AnswerTask(TaskAct[AnswerTaskInput]):
    """Answer a consultation, a countersignature or a supervision (反馈意见)."""

    name = "casework.answer_task"
    permission = OFFICER
    title = _("反馈意见")

    def act(self, actor: Actor, given: AnswerTaskInput) -> None:
        """Close the task with the answer."""
        task = self.task(given)
        if AnswerTask.name not in task.acts:
            raise ActNotOffered(act=self.title)
        if not holds(actor, task):
            raise NotYourTask
        self.file.close_task(task, actor, given.answer, given.opinion)
        self.tell(actor, format_lazy(_("“{step}”意见已反馈。"), step=task.title), given.opinion)
        self.announce("task_answered", task=str(task.pk), answer=given.answer)


class SuperviseCaseInput(CaseInput):
    """What is demanded, by when."""

    demand: str = Field(min_length=5, max_length=2000)
    days: int = Field(default=3, ge=1, le=30)


class SuperviseCase(CaseAct[SuperviseCaseInput]):
    """Put a case under supervision (督办): a clock of its own and a task for the handling unit's leader."""

    name = "casework.supervise_case"
    permission = SUPERVISE
    title = pgettext_lazy("act", "督办")

    def act(self, actor: Actor, given: SuperviseCaseInput) -> None:
        """Open the leader's task with a clock that nothing stops."""
        case = self.file.case
        assert case.handling_unit_id is not None
        task = self.file.open_task(
            kind=Task.Kind.SUPERVISION,
            step="supervision",
            title=in_our_words(_("督办")),
            unit_id=case.handling_unit_id,
            post="leader",
            division_path=case.division_path,
            acts=[AnswerTask.name],
            request={"question": given.demand, "by": actor.name},
        )
        self.file.clocks.start(standard_rule(ClockKind.SUPERVISION, given.days), task=task)
        self.tell(actor, _("您的办件已纳入督办。"), given.demand)
        self.announce("case_supervised")
