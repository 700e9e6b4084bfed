"""Holidays of a year as one officer enters them, with what they would do, until another confirms or they are laid aside."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.vocabulary.calendar import FIRST, LAST
from shuzheng.engines.vocabulary.calendar_keeping import changed_days, require_everywhere
from shuzheng.engines.vocabulary.errors import CalendarUnchanged, ProposalSettled
from shuzheng.engines.vocabulary.models import CalendarYear, YearProposal
from shuzheng.engines.vocabulary.notice import AnnouncedHoliday, contradictions, special_days
from shuzheng.engines.vocabulary.policies import KEEP_CALENDAR
from shuzheng.engines.vocabulary.queries.calendar import Almanac
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import EVERYTHING, Actor
from shuzheng.kernel.error import InvalidInput
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

State = YearProposal.State


class ProposeYearInput(Input):
    """A year, the notice that announced its holidays, and its paragraphs."""

    year: int = Field(ge=FIRST.year, le=LAST.year)
    notice: str = Field(min_length=4, max_length=80)
    holidays: tuple[AnnouncedHoliday, ...] = Field(min_length=1, max_length=20)


class ProposeYear(Action[ProposeYearInput, YearProposal]):
    """Enter the holidays of a year that the State Council has announced (录入年度放假安排), for a second officer to confirm.

    An earlier proposal for the year is laid aside. Announces ``vocabulary.year_proposed``, whose follower counts the
    due dates that would move. Raises InvalidInput with what contradicts itself, and CalendarUnchanged.
    """

    name = "vocabulary.propose_year"
    permission = KEEP_CALENDAR
    title = _("录入年度放假安排")

    def check(self, actor: Actor, given: ProposeYearInput) -> None:
        """Refuse whoever keeps only part of the country's calendar, and a notice that contradicts itself."""
        require_everywhere(actor)
        problems = tuple(contradictions(given.year, given.holidays))
        if problems:
            raise InvalidInput(*problems)

    def perform(self, actor: Actor, given: ProposeYearInput) -> YearProposal:
        """Keep it and have its effect counted."""
        almanac = Almanac.load()
        proposal = YearProposal(
            year=given.year,
            notice=given.notice,
            days=[day for holiday in given.holidays for day in special_days(holiday)],
            proposed_by=actor.account_id,
            proposed_by_name=actor.name,
        )
        before, after = almanac.country, Almanac.load(proposal).country
        entered = CalendarYear.objects.filter(year=given.year).order_by("id").last()
        if before == after and (entered is None or entered.days == proposal.days):
            raise CalendarUnchanged
        earlier = YearProposal.objects.filter(year=given.year, state=State.PROPOSED)
        earlier.update(state=State.DISCARDED, decided_by_name=actor.name, decided_at=now())
        proposal.save()
        self.about(proposal, year=given.year, notice=given.notice)
        self.emit("vocabulary.year_proposed", proposal.pk, days=changed_days(before, after, given.year))
        return proposal


class ProposalInput(Input):
    """Which proposal."""

    proposal_id: UUID


class DiscardYear(Action[ProposalInput, YearProposal]):
    """Lay aside what was entered for a year and not confirmed (作废录入). Raises ProposalSettled."""

    name = "vocabulary.discard_year"
    permission = KEEP_CALENDAR
    title = _("作废放假安排录入")

    def check(self, actor: Actor, given: ProposalInput) -> None:
        """Refuse whoever keeps only part of the country's calendar."""
        require_everywhere(actor)

    def perform(self, actor: Actor, given: ProposalInput) -> YearProposal:
        """Settle it."""
        proposal = open_proposal(given.proposal_id)
        settle(proposal, State.DISCARDED, actor)
        self.about(proposal, year=proposal.year)
        return proposal


class WeighYearInput(Input):
    """What has been counted of the effect of a proposal so far."""

    proposal_id: UUID
    seen: int = Field(ge=0)
    earlier: int = Field(ge=0)
    later: int = Field(ge=0)
    done: bool


class WeighYear(Action[WeighYearInput, YearProposal]):
    """Note how many due dates a proposed year would move (记录影响); the platform does so as it counts."""

    name = "vocabulary.weigh_year"
    permission = EVERYTHING
    title = _("记录放假安排的影响")

    def perform(self, actor: Actor, given: WeighYearInput) -> YearProposal:
        """Write the counts. Raises ProposalSettled."""
        proposal = open_proposal(given.proposal_id)
        proposal.seen, proposal.earlier, proposal.later = given.seen, given.earlier, given.later
        proposal.weighed_at = now() if given.done else None
        proposal.save(update_fields=["seen", "earlier", "later", "weighed_at"])
        self.about(proposal, year=proposal.year, seen=given.seen)
        return proposal


def open_proposal(proposal_id: UUID) -> YearProposal:
    """Return a proposal that nobody has settled, locked. Raises ProposalSettled."""
    proposal = YearProposal.objects.select_for_update().filter(pk=proposal_id, state=State.PROPOSED).first()
    if proposal is None:
        raise ProposalSettled
    return proposal


def settle(proposal: YearProposal, state: str, actor: Actor) -> None:
    """Write down who decided what about a proposal."""
    proposal.state, proposal.decided_by_name, proposal.decided_at = state, actor.name, now()
    proposal.save(update_fields=["state", "decided_by_name", "decided_at"])
