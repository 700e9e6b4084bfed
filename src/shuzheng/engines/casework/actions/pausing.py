"""Special procedures (特别程序) and extensions (延期)."""

from __future__ import annotations

from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.casework.actions.base import CaseAct, CaseInput, State
from shuzheng.engines.casework.casefile import in_our_words
from shuzheng.engines.casework.clock import GROUNDS, Ground
from shuzheng.engines.casework.clock_refusals import ClockRefused
from shuzheng.engines.casework.definitions.parts import Limit
from shuzheng.engines.casework.errors import ActNotOffered, NotYourTask, OwnExtension
from shuzheng.engines.casework.models import Task
from shuzheng.engines.casework.policies import DECIDE, HANDLE, holds
from shuzheng.kernel.actor import Actor


class SuspendCaseInput(CaseInput):
    """On which ground, and what will be done."""

    ground: Ground
    #: What the resident is told of the procedure: what, where, how long about.
    note: str = Field(default="", max_length=1000)


class SuspendCase(CaseAct[SuspendCaseInput]):
    """Stop the clocks for a special procedure (特别程序).

    Time between suspension and resumption is not counted (行政许可法 §45). Raises ClockRefused if the item's rules name
    no law for the ground.
    """

    name = "casework.suspend_case"
    permission = HANDLE
    title = _("启动特别程序")
    states = frozenset({State.ACCEPTED})

    def act(self, actor: Actor, given: SuspendCaseInput) -> None:
        """Suspend every clock that the ground stops."""
        if actor.channel != "system":
            self.handlers_task(actor)
        self.file.clocks.suspend(given.ground, given.note)
        self.file.case.state_before = self.file.case.state
        self.file.move(State.SUSPENDED)
        name = GROUNDS[given.ground].chinese
        self.tell(actor, format_lazy(_("正在进行{ground}，期间暂停计算办理时限。{note}"), ground=name, note=given.note))
        self.announce("case_suspended", ground=str(given.ground))


class ResumeCaseInput(CaseInput):
    """What the procedure found."""

    finding: str = Field(default="", max_length=2000)


class ResumeCase(CaseAct[ResumeCaseInput]):
    """Let the clocks go on after a special procedure (恢复计时)."""

    name = "casework.resume_case"
    permission = HANDLE
    title = _("结束特别程序")
    states = frozenset({State.SUSPENDED})

    def act(self, actor: Actor, given: ResumeCaseInput) -> None:
        """Resume."""
        if actor.channel != "system":
            self.handlers_task(actor)
        self.file.clocks.resume(note=given.finding)
        self.file.move(self.file.case.state_before or State.ACCEPTED)
        self.file.case.state_before = ""
        self.tell(actor, _("特别程序已结束，继续计算办理时限。"), given.finding)
        self.announce("case_resumed")


class RequestExtensionInput(CaseInput):
    """Which clock, by how much, why."""

    clock: str = Field(default="statutory", max_length=64)
    amount: int = Field(ge=1, le=365)
    reason: str = Field(min_length=5, max_length=2000)


class RequestExtension(CaseAct[RequestExtensionInput]):
    """Ask the head of the organ to extend the limit (延长期限, 行政许可法 §42); opens a task for the approver.

    Raises ClockRefused if the item's rule knows no extension.
    """

    name = "casework.request_extension"
    permission = HANDLE
    title = _("申请延期")
    states = frozenset({State.ACCEPTED})

    def act(self, actor: Actor, given: RequestExtensionInput) -> None:
        """Open the approver's task."""
        own = self.handlers_task(actor)
        clock = self.file.clocks.clock(given.clock)
        rule = clock.parsed_rule.extension if clock else None
        if rule is None or given.amount > rule.limit:
            raise ClockRefused(reason=_("本事项不可延长这么久"))
        if any(task.kind == Task.Kind.EXTENSION for task in self.file.open_tasks()):
            raise ActNotOffered(act=self.title)
        self.file.open_task(
            limit=Limit(amount=2),
            kind=Task.Kind.EXTENSION,
            step="extension",
            title=in_our_words(_("延期审批")),
            unit_id=own.unit_id,
            post=rule.approver,
            division_path=own.division_path,
            acts=[DecideExtension.name],
            request={
                "clock": given.clock,
                "amount": given.amount,
                "reason": given.reason,
                "by": actor.name,
                "officer": str(actor.officer_id or ""),
            },
        )
        self.tell(actor, _("正在申请延长办理期限，等待批准。"), given.reason)


class DecideExtensionInput(CaseInput):
    """The approver's answer."""

    task_id: UUID
    approved: bool
    opinion: str = Field(default="", max_length=2000)


class DecideExtension(CaseAct[DecideExtensionInput]):
    """Approve or decline an extension; whoever asked for it or handles the case cannot (行政许可法 §42).

    The resident is told of the extension and its reason. Raises OwnExtension, NotYourTask, ClockRefused.
    """

    name = "casework.decide_extension"
    permission = DECIDE
    title = _("审批延期")

    def act(self, actor: Actor, given: DecideExtensionInput) -> None:
        """Extend the clock or leave it."""
        task = next((task for task in self.file.open_tasks() if task.pk == given.task_id), None)
        if task is None or task.kind != Task.Kind.EXTENSION:
            raise ActNotOffered(act=self.title)
        self._check_approver(actor, task)
        request = task.request
        if given.approved:
            clock = self.file.clocks.clock(request["clock"])
            assert clock is not None
            self.file.clocks.extend(clock, request["amount"], approver=actor.name, note=request["reason"])
            text = _("经批准，办理期限延长 {amount} 个工作日。原因：{reason}")
            self.tell(actor, format_lazy(text, amount=request["amount"], reason=request["reason"]), given.opinion)
        else:
            self.tell(actor, _("延期申请未获批准，仍按原期限办理。"), given.opinion)
        self.file.close_task(task, actor, "approved" if given.approved else "declined", given.opinion)
        self.announce("extension_decided", approved=given.approved)

    def _check_approver(self, actor: Actor, task: Task) -> None:
        if not holds(actor, task):
            raise NotYourTask
        own_step = any(
            other.kind == Task.Kind.STEP and other.assignee_id == actor.officer_id is not None
            for other in self.file.open_tasks()
        )
        if str(actor.officer_id) == task.request["officer"] or own_step:
            raise OwnExtension
