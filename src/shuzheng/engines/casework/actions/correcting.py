"""Correcting what was written wrong (更正): a decision's text, or the applicant's answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.casework.actions.base import OPEN_STATES, CaseAct, CaseInput, State
from shuzheng.engines.casework.amending import amend_answers
from shuzheng.engines.casework.models import Decision
from shuzheng.engines.casework.objecting import reconsider_until, sue_until
from shuzheng.engines.casework.policies import DECIDE, HANDLE
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now, today
from shuzheng.kernel.number import reserve_case_numbers


class CorrectDecisionInput(CaseInput):
    """What was wrong in the decision."""

    reasons: str = Field(min_length=2, max_length=5000)
    effective_on: date | None = None
    expires_on: date | None = None
    #: Why the decision is corrected.
    correction: str = Field(min_length=5, max_length=2000)


class CorrectDecision(CaseAct[CorrectDecisionInput]):
    """Correct a clerical mistake in a decision (更正); the earlier text stays, marked as superseded."""

    name = "casework.correct_decision"
    permission = DECIDE
    title = _("更正决定")
    states = frozenset({State.DECIDED, State.CLOSED})

    def act(self, actor: Actor, given: CorrectDecisionInput) -> None:
        """Write the corrected decision beside the first."""
        case = self.file.case
        earlier = Decision.objects.filter(case=case, superseded_at=None).order_by("-decided_at").first()
        assert earlier is not None
        Decision.objects.filter(pk=earlier.pk).update(superseded_at=now())
        corrected = Decision.objects.create(
            case=case,
            number=reserve_case_numbers(case.division_code, "GZWS", today())[0],
            kind=earlier.kind,
            officer_id=actor.officer_id,
            officer_name=actor.name,
            reasons=given.reasons,
            legal_basis=earlier.legal_basis,
            effective_on=given.effective_on or earlier.effective_on,
            expires_on=given.expires_on or earlier.expires_on,
            reconsider_until=reconsider_until(today(), case.division_code),
            sue_until=sue_until(today(), case.division_code),
        )
        self.tell(actor, format_lazy(_("决定书有更正。说明：{correction}"), correction=given.correction))
        self.announce("decision_corrected", decision=str(corrected.pk))


class CorrectAnswersInput(CaseInput):
    """Which answers, and why."""

    #: Corrected answers of the form, by field.
    answers: dict[str, Any] = Field(min_length=1, max_length=100)
    reason: str = Field(min_length=5, max_length=2000)


class CorrectAnswers(CaseAct[CorrectAnswersInput]):
    """Correct answers of an application (更正申请信息), e.g. a clerical slip that the applicant confirmed by telephone.

    All answers are validated again by the case's own version of the form; the applicant reads in the history that and
    why it was done. Raises InvalidInput.
    """

    name = "casework.correct_answers"
    permission = HANDLE
    title = _("更正申请信息")
    states = OPEN_STATES - {State.DECIDED}

    def act(self, actor: Actor, given: CorrectAnswersInput) -> None:
        """Replace the answers."""
        self.handlers_task(actor)
        amend_answers(actor, self.file.case, given.answers)
        self.file.amended = True
        self.about(fields=sorted(given.answers))
        self.tell(actor, format_lazy(_("申请信息有更正。原因：{reason}"), reason=given.reason))
        self.announce("answers_corrected", fields=sorted(given.answers))
