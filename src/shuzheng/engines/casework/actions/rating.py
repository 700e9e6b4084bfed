"""Rating a service (好差评) and following up low ratings."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.utils.translation import pgettext_lazy
from pydantic import Field

from shuzheng.engines.casework.actions.filing import FileCase, FileCaseInput
from shuzheng.engines.casework.casefile import open_file
from shuzheng.engines.casework.errors import AlreadyRated, NotYourCase, WrongState
from shuzheng.engines.casework.models import Case, CaseRelation, Rating
from shuzheng.engines.casework.policies import is_applicant
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.policy import SIGNED_IN

#: Service item of the follow-up that a low rating opens (差评整改).
FOLLOW_UP = "rating-follow-up"
LOW = (Rating.Level.VERY_POOR, Rating.Level.POOR)


class RateCaseInput(Input):
    """What the applicant thought of the service."""

    case_id: UUID
    level: int = Field(ge=1, le=5)
    #: Codes of the list ``rating-reason``.
    reasons: list[str] = Field(default=[], max_length=10)
    text: str = Field(default="", max_length=1000)


class RateCase(Action[RateCaseInput, Rating]):
    """Rate a closed case once on five levels (好差评); a low rating opens a follow-up case for the handling unit.

    Raises NotYourCase, WrongState, AlreadyRated.
    """

    name = "casework.rate_case"
    permission = SIGNED_IN
    title = pgettext_lazy("act", "评价")

    def perform(self, actor: Actor, given: RateCaseInput) -> Rating:
        """Store the rating; a second one is refused."""
        case = open_file(given.case_id, self.unit).case
        if actor.channel != "system" and not is_applicant(actor, case):
            raise NotYourCase
        if case.is_open:
            raise WrongState(state=case.get_state_display(), act=self.title)
        if Rating.objects.filter(case=case).exists():
            raise AlreadyRated
        rating = Rating.objects.create(
            case=case,
            level=given.level,
            reasons=given.reasons,
            text=given.text,
            unit_id=case.handling_unit_id,
            division_path=case.division_path,
        )
        self.about(case, case_id=case.pk, division=str(case.division_path), level=given.level)
        self.emit("casework.case_rated", case.pk, level=given.level)
        if given.level in LOW:
            self._follow_up(actor, case, given)
        return rating

    def _follow_up(self, actor: Actor, case: Case, given: RateCaseInput) -> None:
        """Open the follow-up case, on behalf of whoever rated."""
        platform = replace(Actor.system(actor.name), correlation_id=actor.correlation_id)
        follow_up = FileCase.do(
            platform,
            FileCaseInput(
                item_code=FOLLOW_UP,
                division_code=case.division_code,
                answers={"case_number": case.number, "rating_level": str(given.level), "complaint": given.text or "—"},
                applicant=case.applicant,
                synthetic=case.synthetic,
            ),
        )
        CaseRelation.objects.create(case=follow_up, other=case, kind=CaseRelation.Kind.FOLLOW_UP)
