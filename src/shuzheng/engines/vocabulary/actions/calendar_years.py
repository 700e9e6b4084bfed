"""Years whose holidays the State Council has announced: confirmed by a second officer, and taken back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.vocabulary.actions.calendar_proposals import ProposalInput, open_proposal, settle
from shuzheng.engines.vocabulary.calendar_keeping import changed_days, require_everywhere
from shuzheng.engines.vocabulary.errors import CalendarInUse, CalendarUnchanged, EffectUnknown, OwnProposal
from shuzheng.engines.vocabulary.models import CalendarYear, YearProposal
from shuzheng.engines.vocabulary.policies import KEEP_CALENDAR
from shuzheng.engines.vocabulary.queries.calendar import Almanac
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import today


class AnnounceYear(Action[ProposalInput, CalendarYear]):
    """Confirm the holidays that another officer entered (确认年度放假安排): from now on the calendar has them.

    The year is provisional no longer; an earlier entry is replaced. Announces ``vocabulary.calendar_changed``.
    Raises OwnProposal, ProposalSettled, and EffectUnknown while the due dates that would move are being counted.
    """

    name = "vocabulary.announce_year"
    permission = KEEP_CALENDAR
    title = _("确认年度放假安排")

    def check(self, actor: Actor, given: ProposalInput) -> None:
        """Refuse whoever keeps only part of the country's calendar."""
        require_everywhere(actor)

    def perform(self, actor: Actor, given: ProposalInput) -> CalendarYear:
        """Enter the year."""
        proposal = open_proposal(given.proposal_id)
        if proposal.proposed_by == actor.account_id:
            raise OwnProposal
        if not proposal.weighed:
            raise EffectUnknown
        settle(proposal, YearProposal.State.CONFIRMED, actor)
        status = CalendarYear.Status.ANNOUNCED
        return _enter(self, proposal.year, status, proposal.notice, days=proposal.days, proposal=proposal.pk)


class WithdrawYearInput(Input):
    """A year and why its entry is taken back."""

    year: int
    reason: str = Field(min_length=2, max_length=80)


class WithdrawYear(Action[WithdrawYearInput, CalendarYear]):
    """Take the entry of a year back (撤回年度放假安排): what the library says counts again, else plain weeks.

    Possible until the first day that it announces has come; after that it is corrected by a new proposal.
    Announces ``vocabulary.calendar_changed``. Raises CalendarUnchanged where there is no entry, and CalendarInUse.
    """

    name = "vocabulary.withdraw_year"
    permission = KEEP_CALENDAR
    title = _("撤回年度放假安排")

    def check(self, actor: Actor, given: WithdrawYearInput) -> None:
        """Refuse whoever keeps only part of the country's calendar."""
        require_everywhere(actor)

    def perform(self, actor: Actor, given: WithdrawYearInput) -> CalendarYear:
        """Enter that the year is provisional."""
        last = CalendarYear.objects.filter(year=given.year).order_by("id").last()
        if last is None or last.status != CalendarYear.Status.ANNOUNCED:
            raise CalendarUnchanged
        if last.in_use(today()):
            raise CalendarInUse(year=given.year)
        return _enter(self, given.year, CalendarYear.Status.PROVISIONAL, given.reason)


def _enter(action: Action[Any, CalendarYear], year: int, status: str, notice: str, **facts: Any) -> CalendarYear:
    """Enter a year's status in the name of an action and announce the days that differ from before."""
    proposal = facts.pop("proposal", None)
    before = Almanac.load().calendar(None)
    entry = CalendarYear.objects.create(year=year, status=status, notice=notice, recorded_by=action.actor.name, **facts)
    changed = changed_days(before, Almanac.load().calendar(None), year)
    action.about(entry, year=year, notice=notice, proposal=str(proposal) if proposal else "")
    action.emit("vocabulary.calendar_changed", entry.pk, division="", days=changed, years=[year])
    return entry
