"""Acceptance (受理): accept, refuse acceptance, ask for a supplement, supply."""

from __future__ import annotations

from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from pydantic import Field

from shuzheng.engines.casework.actions.base import ApplicantAct, CaseAct, CaseInput, State
from shuzheng.engines.casework.amending import amend_answers
from shuzheng.engines.casework.clock import Ground
from shuzheng.engines.casework.errors import AlreadyAsked
from shuzheng.engines.casework.materials import GivenMaterial, mark_wanted, receive
from shuzheng.engines.casework.models import Case, Material, SupplementRequest
from shuzheng.engines.casework.policies import ACCEPT
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN


class AcceptCaseInput(CaseInput):
    """Accept a case."""

    opinion: str = Field(default="", max_length=2000)


class AcceptCase(CaseAct[AcceptCaseInput]):
    """Accept an application (受理): the acceptance clock stops, statutory and promised clocks start (行政许可法 §32)."""

    name = "casework.accept_case"
    permission = ACCEPT
    title = pgettext_lazy("act", "受理")
    states = frozenset({State.FILED})

    def act(self, actor: Actor, given: AcceptCaseInput) -> None:
        """Accept and let the process go on."""
        task = self.step_task(actor)
        start_handling(self, actor)
        self.tell(actor, _("您的申请已受理，正在办理。"), given.opinion)
        self.file.complete_step(actor, task, "accepted", given.opinion)
        self.announce("case_accepted")


def start_handling(act: CaseAct, actor: Actor) -> None:
    """Put a case into handling: the acceptance clock stops, the clocks that run from acceptance start."""
    case, clocks = act.file.case, act.file.clocks
    case.accepted_at = now()
    act.file.move(State.ACCEPTED)
    clocks.stop("acceptance")
    for code in ("statutory", "promised"):
        rule = act.file.item.clock_rules.get(code)
        if rule is not None:
            clocks.start(rule)


class DeemAccepted(CaseAct[CaseInput]):
    """Treat a case as accepted from the day it was filed, because nobody answered in time (行政许可法 §32(1)(4)).

    Only the platform performs it, when the acceptance clock has lapsed.
    """

    name = "casework.deem_accepted"
    permission = "*"
    title = _("视为受理")
    states = frozenset({State.FILED})

    def act(self, actor: Actor, given: CaseInput) -> None:
        """Start the clocks as of the filing."""
        case = self.file.case
        case.accepted_at = case.filed_at
        self.file.move(State.ACCEPTED)
        self.file.clocks.stop("acceptance")
        for code in ("statutory", "promised"):
            rule = self.file.item.clock_rules.get(code)
            if rule is not None:
                self.file.clocks.start(rule, case.filed_at)
        self.tell(actor, _("受理期限内没有告知补正，您的申请自收到材料之日起即为受理。"))
        for task in self.file.open_tasks():
            if AcceptCase.name in task.acts:
                self.file.complete_step(actor, task, "accepted", str(_("逾期视为受理")))
        self.announce("case_deemed_accepted")


class RefuseAcceptanceInput(CaseInput):
    """Refuse to accept."""

    reason: str = Field(min_length=5, max_length=2000)
    #: What the applicant can do instead: the competent organ, what to change, how to object.
    remedy: str = Field(min_length=5, max_length=2000)


class RefuseAcceptance(CaseAct[RefuseAcceptanceInput]):
    """Refuse acceptance (不予受理) with the reason and what the applicant can do instead (行政许可法 §32(1)(1)(2))."""

    name = "casework.refuse_acceptance"
    permission = ACCEPT
    title = pgettext_lazy("act", "不予受理")
    states = frozenset({State.FILED})

    def act(self, actor: Actor, given: RefuseAcceptanceInput) -> None:
        """Close the case without a decision on its merits."""
        task = self.step_task(actor)
        case = self.file.case
        case.result, case.closed_at = Case.Result.NOT_ACCEPTED, now()
        self.file.move(State.NOT_ACCEPTED)
        text = format_lazy(_("不予受理。原因：{reason} 您可以：{remedy}"), reason=given.reason, remedy=given.remedy)
        self.tell(actor, text)
        # The letter reads its reason from the first line, and what to do instead from the rest.
        self.file.complete_step(actor, task, "refused", f"{' '.join(given.reason.split())}\n{given.remedy}")
        self.file.close_all(actor, "not_accepted")
        self.announce("case_not_accepted")


class Wanted(Input):
    """One thing to supplement."""

    #: Code of a material of the item, or ``form:<section>`` for answers.
    code: str = Field(max_length=80)
    title: str = Field(min_length=1, max_length=300)
    #: What is wrong and how to mend it.
    problem: str = Field(min_length=2, max_length=1000)


class AskSupplementInput(CaseInput):
    """Ask for supplements."""

    wanted: list[Wanted] = Field(min_length=1, max_length=50)
    answer_until: date | None = None


class AskSupplement(CaseAct[AskSupplementInput]):
    """Ask once, completely, for everything that must be supplemented (一次性告知补正, 行政许可法 §32(1)(4)).

    The clocks stop until the applicant has supplied. A later request may only repeat what the first one named.
    Raises AlreadyAsked.
    """

    name = "casework.ask_supplement"
    permission = ACCEPT
    title = _("一次性告知补正")
    states = frozenset({State.FILED, State.ACCEPTED})

    def act(self, actor: Actor, given: AskSupplementInput) -> None:
        """Write the request, mark the materials and stop the clocks."""
        self.handlers_task(actor)
        case = self.file.case
        self._refuse_additions(given)
        SupplementRequest.objects.create(
            case=case,
            wanted=[item.model_dump() for item in given.wanted],
            asked_by=actor.name,
            answer_until=given.answer_until,
        )
        mark_wanted(case, {item.code: (item.title, item.problem) for item in given.wanted})
        self.file.clocks.suspend(Ground.SUPPLEMENT)
        case.state_before = case.state
        self.file.move(State.SUPPLEMENT)
        titles = "、".join(item.title for item in given.wanted)
        self.tell(actor, format_lazy(_("等您补充 {count} 份材料：{titles}"), count=len(given.wanted), titles=titles))
        self.announce("supplement_asked", count=len(given.wanted))

    def _refuse_additions(self, given: AskSupplementInput) -> None:
        first = SupplementRequest.objects.filter(case=self.file.case).order_by("asked_at").first()
        if first is None:
            return
        named = {item["code"] for item in first.wanted}
        added = next((item for item in given.wanted if item.code not in named), None)
        if added is not None:
            raise AlreadyAsked(title=added.title)


class SupplyInput(CaseInput):
    """Hand in what was asked for."""

    materials: list[GivenMaterial] = Field(default=[], max_length=50)
    #: Corrected answers of the form, by field.
    answers: dict[str, object] = {}
    message: str = Field(default="", max_length=2000)


class Supply(ApplicantAct[SupplyInput]):
    """Hand in the supplements that were asked for (补正); the clocks go on.

    Raises InvalidInput naming what is still missing.
    """

    name = "casework.supply"
    permission = SIGNED_IN
    title = _("补正材料")
    states = frozenset({State.SUPPLEMENT})

    def act(self, actor: Actor, given: SupplyInput) -> None:
        """Receive the materials, close the request and resume the clocks."""
        case = self.file.case
        receive(actor, case, given.materials, must_complete=True)
        if given.answers:
            amend_answers(actor, case, given.answers)
            self.file.amended = True
        # Sections of the form were marked like materials; what is corrected is wanted no more.
        Material.objects.filter(case=case, code__startswith="form:").delete()
        SupplementRequest.objects.filter(case=case, answered_at=None).update(answered_at=now())
        self.file.clocks.resume()
        self.file.move(case.state_before or State.FILED)
        case.state_before = ""
        self.tell(actor, _("您已补正材料，工作人员会继续办理。"), given.message)
        self.announce("supplement_supplied")
