"""Deciding and closing (审批、办结), withdrawing, reopening, correcting."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from dateutil.relativedelta import relativedelta
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from pydantic import Field

from shuzheng.engines.casework.actions.base import ApplicantAct, CaseAct, CaseInput, State
from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.engines.casework.errors import OpinionsOutstanding
from shuzheng.engines.casework.letters.rules import DECISIONS
from shuzheng.engines.casework.models import Case, Decision, Letter, Task
from shuzheng.engines.casework.objecting import reconsider_until, sue_until
from shuzheng.engines.casework.policies import DECIDE, HANDLE, SUPERVISE
from shuzheng.engines.payment.actions.bills import ReleaseBills
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, NotPermitted
from shuzheng.kernel.moment import now, today
from shuzheng.kernel.number import reserve_case_numbers
from shuzheng.kernel.policy import SIGNED_IN


class DecideInput(CaseInput):
    """A decision with its grounds."""

    reasons: str = Field(min_length=2, max_length=5000)
    #: Laws beyond the item's own.
    legal_basis: list[str] = Field(default=[], max_length=20)
    effective_on: date | None = None
    expires_on: date | None = None


class _Decide(CaseAct[DecideInput]):
    """What approving and rejecting have in common: a decision of a person, numbered, with the time for objecting."""

    permission = DECIDE
    states = frozenset({State.ACCEPTED})
    kind: ClassVar[Decision.Kind]

    def act(self, actor: Actor, given: DecideInput) -> None:
        """Write the decision, stop the clocks of the case and let the process go on."""
        task = self.step_task(actor)
        waiting = [t for t in self.file.open_tasks() if t.kind in (Task.Kind.CONSULT, Task.Kind.COUNTERSIGN)]
        if waiting:
            raise OpinionsOutstanding(count=len(waiting))
        case = self.file.case
        decision = self._decision(actor, given)
        case.decided_at, case.result = now(), Case.Result(decision.kind.value)
        self.file.move(State.DECIDED)
        self.file.clocks.stop("statutory", "promised")
        self.tell(actor, self._text(decision), given.reasons)
        self.file.complete_step(actor, task, "approved" if self.kind == "granted" else "rejected", given.reasons)
        self.announce("case_decided", decision=str(decision.pk), kind=str(decision.kind))

    def _decision(self, actor: Actor, given: DecideInput) -> Decision:
        item, case, start = self.file.item, self.file.case, given.effective_on or today()
        laws = [f"{basis.law}{basis.article}" for basis in item.legal_basis]
        return Decision.objects.create(
            case=case,
            number=reserve_case_numbers(case.division_code, "JDWS", today())[0],
            kind=self.kind,
            officer_id=actor.officer_id,
            officer_name=actor.name,
            reasons=given.reasons,
            legal_basis=[*laws, *given.legal_basis],
            effective_on=start,
            expires_on=given.expires_on or (expiry_of(item, start) if self.kind == Decision.Kind.GRANTED else None),
            reconsider_until=reconsider_until(today(), case.division_code),
            sue_until=sue_until(today(), case.division_code),
        )

    def _text(self, decision: Decision) -> object:
        raise NotImplementedError


def expiry_of(item: ServiceItemDefinition, start: date) -> date | None:
    """Return the last day of what an item grants from a day; nothing for what does not expire."""
    years = [result.valid_years for result in item.results if result.valid_years]
    return start + relativedelta(years=min(years), days=-1) if years else None


class ApproveCase(_Decide):
    """Grant what was applied for (准予), with reasons and legal basis."""

    name = "casework.approve_case"
    title = pgettext_lazy("act", "准予")
    kind = Decision.Kind.GRANTED

    def _text(self, decision: Decision) -> object:
        return format_lazy(_("准予您的申请。决定书编号：{number}"), number=decision.number)


class RejectCase(_Decide):
    """Refuse what was applied for (不予), with reasons, legal basis and how to object (行政许可法 §38(2)).

    Only a person may perform it; no rule, job or process can.
    """

    name = "casework.reject_case"
    title = _("不予批准")
    kind = Decision.Kind.REFUSED

    def check(self, actor: Actor, given: DecideInput) -> None:
        """Refuse the platform itself: a decision against a person is taken by a person."""
        super().check(actor, given)
        if not actor.is_officer:
            raise NotPermitted

    def _text(self, decision: Decision) -> object:
        text = _("未能准予您的申请。理由：{reasons} 您可以在 {day} 前申请行政复议，或在 {court} 前提起行政诉讼。")
        return format_lazy(
            text, reasons=decision.reasons, day=_day(decision.reconsider_until), court=_day(decision.sue_until)
        )


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


class CloseCase(CaseAct[CaseInput]):
    """Close a decided case (办结)."""

    name = "casework.close_case"
    permission = HANDLE
    title = pgettext_lazy("act", "办结")
    states = frozenset({State.DECIDED, State.ACCEPTED})

    def act(self, actor: Actor, given: CaseInput) -> None:
        """Close; a step that offers this act is completed, and what is left open ends."""
        case = self.file.case
        task = self.step_task(actor) if actor.channel != "system" else None
        case.result = case.result or Case.Result.DONE
        case.closed_at = now()
        self.file.move(State.CLOSED)
        self.tell(actor, _("已办结。欢迎对本次服务作出评价。"))
        if task is not None:
            self.file.complete_step(actor, task, "closed")
        self.file.close_all(actor, "closed")
        self.announce("case_closed", result=case.result)


class WithdrawCaseInput(CaseInput):
    """Why, if the applicant wants to say."""

    reason: str = Field(default="", max_length=1000)


class WithdrawCase(ApplicantAct[WithdrawCaseInput]):
    """Withdraw an application before it is decided (撤回申请)."""

    name = "casework.withdraw_case"
    permission = SIGNED_IN
    title = _("撤回申请")
    states = frozenset({State.FILED, State.ACCEPTED, State.SUPPLEMENT, State.SUSPENDED})

    def act(self, actor: Actor, given: WithdrawCaseInput) -> None:
        """End the case at the applicant's will."""
        case = self.file.case
        case.result, case.closed_at = Case.Result.WITHDRAWN, now()
        self.file.move(State.WITHDRAWN)
        self.tell(actor, _("您已撤回申请，办件终止。需要时可以重新申请。"), given.reason)
        self.file.close_all(actor, "withdrawn")
        ReleaseBills.do(Actor.system("casework.withdraw_case"), case_id=case.pk, reason=str(_("申请人撤回申请")))
        self.announce("case_withdrawn")


class ReopenCaseInput(CaseInput):
    """Why, and at which step."""

    reason: str = Field(min_length=5, max_length=2000)
    step: str = Field(default="", max_length=80)


class ReopenCase(CaseAct[ReopenCaseInput]):
    """Open a closed case again (重新办理), e.g. after reconsideration; the earlier decision is set aside."""

    name = "casework.reopen_case"
    permission = SUPERVISE
    title = _("重新办理")
    states = frozenset({State.CLOSED, State.NOT_ACCEPTED})

    def act(self, actor: Actor, given: ReopenCaseInput) -> None:
        """Set the decision aside, start new clocks and open a step."""
        case = self.file.case
        Decision.objects.filter(case=case, superseded_at=None).update(superseded_at=now())
        decided = Letter.objects.filter(case=case, occasion__in=list(DECISIONS), superseded_at=None)
        decided.update(superseded_at=now())
        case.result, case.closed_at, case.decided_at = Case.Result.NONE, None, None
        self.file.move(State.ACCEPTED)
        case.accepted_at = case.accepted_at or now()
        self.file.clocks.restart("statutory", "promised")
        self.file.instance.finished = False
        self.tell(actor, format_lazy(_("您的办件已重新办理。原因：{reason}"), reason=given.reason))
        self.file.send_back(actor, given.step or self._deciding_step())
        self.announce("case_reopened")

    def _deciding_step(self) -> str:
        """Return the step at which the case was decided or refused."""
        done = Task.objects.filter(case=self.file.case, kind=Task.Kind.STEP, state=Task.State.DONE)
        last = done.filter(outcome__in=("approved", "rejected", "refused")).order_by("-closed_at").first()
        if last is None:
            raise NotFound(_("办件没有可以重新办理的环节，请指定环节。"))
        return last.step
