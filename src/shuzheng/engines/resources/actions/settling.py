"""What becomes of emergency measures: approved, ended, reviewed by a second person."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.resources.actions.measures import begin, note
from shuzheng.engines.resources.errors import MeasureSettled, OwnMeasure
from shuzheng.engines.resources.models import Measure
from shuzheng.engines.resources.policies import APPROVE, OPERATE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

State = Measure.State


class DecideMeasureInput(Input):
    """Which measure, and yes or no."""

    measure_id: UUID
    approved: bool = True


class ApproveMeasure(Action[DecideMeasureInput, Measure]):
    """Approve a measure that somebody else asked for, or decline it (批准应急措施). Raises OwnMeasure, MeasureSettled."""

    name = "resources.approve_measure"
    permission = APPROVE
    title = _("批准应急措施")

    def perform(self, actor: Actor, given: DecideMeasureInput) -> Measure:
        """Put it in force, or lay it aside."""
        measure = _locked(given.measure_id, actor, State.ASKED, another=True)
        measure.decided_by_name, measure.decided_at = actor.name, now()
        measure.state = State.DECLINED
        if given.approved:
            begin(measure)
        measure.save()
        note(self, measure, "resources.measure_begun" if given.approved else "resources.measure_declined")
        return measure


class EndMeasureInput(Input):
    """Which measure."""

    measure_id: UUID


class EndMeasure(Action[EndMeasureInput, Measure]):
    """Return a service to its normal way before the time is up (提前恢复). Raises MeasureSettled."""

    name = "resources.end_measure"
    permission = OPERATE
    title = _("提前恢复")

    def perform(self, actor: Actor, given: EndMeasureInput) -> Measure:
        """End it now."""
        measure = _locked(given.measure_id, actor, State.ACTIVE)
        measure.state, measure.ends_at, measure.ended_by_name = State.ENDED, now(), actor.name
        measure.save()
        note(self, measure, "resources.measure_ended")
        return measure


class ReviewMeasureInput(Input):
    """Which measure, and what the reviewer finds."""

    measure_id: UUID
    review: str = Field(min_length=4, max_length=500)


class ReviewMeasure(Action[ReviewMeasureInput, Measure]):
    """Review what an operator on duty did alone (事后复核). Raises OwnMeasure, MeasureSettled."""

    name = "resources.review_measure"
    permission = APPROVE
    title = _("复核应急措施")

    def perform(self, actor: Actor, given: ReviewMeasureInput) -> Measure:
        """Keep the reviewer's words."""
        measure = _locked(given.measure_id, actor, State.ACTIVE, State.ENDED, another=True)
        if not measure.unreviewed:
            raise MeasureSettled(state=str(_("已复核")))
        measure.review, measure.decided_by_name, measure.decided_at = given.review, actor.name, now()
        measure.save(update_fields=["review", "decided_by_name", "decided_at"])
        self.about(measure, service=measure.service, mode=measure.mode, review=given.review)
        return measure


def _locked(measure_id: UUID, actor: Actor, *states: str, another: bool = False) -> Measure:
    measure = Measure.objects.select_for_update().filter(pk=measure_id).first()
    if measure is None:
        raise NotFound
    if measure.state not in states:
        raise MeasureSettled(state=measure.get_state_display())
    if another and actor.account_id in (None, measure.asked_by_id):
        raise OwnMeasure
    return measure
