"""Changes of the country's calendar that wait for a second officer: laid aside, and what is known of their effect."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.vocabulary.calendar_keeping import require_everywhere
from shuzheng.engines.vocabulary.errors import ProposalSettled
from shuzheng.engines.vocabulary.models import CalendarProposal
from shuzheng.engines.vocabulary.policies import KEEP_CALENDAR
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import EVERYTHING, Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

State = CalendarProposal.State


class ProposalInput(Input):
    """Which proposal."""

    proposal_id: UUID


class DiscardCalendar(Action[ProposalInput, CalendarProposal]):
    """Lay aside a change of the calendar that was not confirmed (作废录入). Raises ProposalSettled."""

    name = "vocabulary.discard_calendar"
    permission = KEEP_CALENDAR
    title = _("作废工作日历录入")

    def check(self, actor: Actor, given: ProposalInput) -> None:
        """Refuse whoever keeps only part of the country's calendar."""
        require_everywhere(actor)

    def perform(self, actor: Actor, given: ProposalInput) -> CalendarProposal:
        """Settle it."""
        proposal = open_proposal(given.proposal_id)
        settle(proposal, State.DISCARDED, actor)
        self.about(proposal, kind=proposal.kind, year=proposal.year)
        return proposal


class WeighCalendarInput(Input):
    """What has been counted of the effect of a proposal so far."""

    proposal_id: UUID
    seen: int = Field(ge=0)
    earlier: int = Field(ge=0)
    later: int = Field(ge=0)
    done: bool


class WeighCalendar(Action[WeighCalendarInput, CalendarProposal]):
    """Note how many due dates a proposed change would move (记录影响); the platform does so as it counts."""

    name = "vocabulary.weigh_calendar"
    permission = EVERYTHING
    title = _("记录工作日历变更的影响")

    def perform(self, actor: Actor, given: WeighCalendarInput) -> CalendarProposal:
        """Write the counts. Raises ProposalSettled."""
        proposal = open_proposal(given.proposal_id)
        proposal.seen, proposal.earlier, proposal.later = given.seen, given.earlier, given.later
        proposal.weighed_at = now() if given.done else None
        proposal.save(update_fields=["seen", "earlier", "later", "weighed_at"])
        self.about(proposal, kind=proposal.kind, year=proposal.year, seen=given.seen)
        return proposal


def open_proposal(proposal_id: UUID) -> CalendarProposal:
    """Return a proposal that nobody has settled, locked. Raises ProposalSettled."""
    proposal = CalendarProposal.objects.select_for_update().filter(pk=proposal_id, state=State.PROPOSED).first()
    if proposal is None:
        raise ProposalSettled
    return proposal


def settle(proposal: CalendarProposal, state: str, actor: Actor) -> None:
    """Write down who decided what about a proposal."""
    proposal.state, proposal.decided_by_name, proposal.decided_at = state, actor.name, now()
    proposal.save(update_fields=["state", "decided_by_name", "decided_at"])
