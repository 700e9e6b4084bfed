"""What one officer enters of the country's calendar, for another to confirm: holidays, taking them back, a single day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.vocabulary.calendar import FIRST, LAST
from shuzheng.engines.vocabulary.calendar_keeping import changed_days, require_everywhere, withdrawable
from shuzheng.engines.vocabulary.errors import CalendarUnchanged
from shuzheng.engines.vocabulary.models import CalendarProposal, CalendarYear
from shuzheng.engines.vocabulary.notice import AnnouncedHoliday, contradictions, special_days
from shuzheng.engines.vocabulary.policies import KEEP_CALENDAR
from shuzheng.engines.vocabulary.queries.calendar import Almanac
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import InvalidInput
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

Kind, State = CalendarProposal.Kind, CalendarProposal.State


class ProposeYearInput(Input):
    """A year, the notice that announced its holidays, and its paragraphs."""

    year: int = Field(ge=FIRST.year, le=LAST.year)
    notice: str = Field(min_length=4, max_length=80)
    holidays: tuple[AnnouncedHoliday, ...] = Field(min_length=1, max_length=20)


class ProposeYear(Action[ProposeYearInput, CalendarProposal]):
    """Enter the holidays of a year that the State Council has announced (录入年度放假安排), for a second officer to confirm.

    An earlier proposal for the year is laid aside. Announces ``vocabulary.calendar_proposed``, whose follower counts the
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

    def perform(self, actor: Actor, given: ProposeYearInput) -> CalendarProposal:
        """Keep it and have its effect counted."""
        days = [day for holiday in given.holidays for day in special_days(holiday)]
        proposal = CalendarProposal(kind=Kind.ANNOUNCE, year=given.year, notice=given.notice, days=days)
        entered = CalendarYear.objects.filter(year=given.year).order_by("id").last()
        same = Almanac.load().country == Almanac.load(proposal).country
        if same and (entered is None or entered.days == days):
            raise CalendarUnchanged
        return _keep(self, proposal, CalendarProposal.objects.filter(year=given.year).exclude(kind=Kind.WORKDAY))


class ProposeWithdrawalInput(Input):
    """A year and why its entry is taken back."""

    year: int
    reason: str = Field(min_length=2, max_length=80)


class ProposeWithdrawal(Action[ProposeWithdrawalInput, CalendarProposal]):
    """Ask for the entry of a year to be taken back (申请撤回年度放假安排), for a second officer to confirm.

    Possible until the first day that it announces has come; after that it is corrected by a new proposal. An earlier
    proposal for the year is laid aside. Raises CalendarUnchanged where there is no entry, and CalendarInUse.
    """

    name = "vocabulary.propose_withdrawal"
    permission = KEEP_CALENDAR
    title = _("申请撤回年度放假安排")

    def check(self, actor: Actor, given: ProposeWithdrawalInput) -> None:
        """Refuse whoever keeps only part of the country's calendar."""
        require_everywhere(actor)

    def perform(self, actor: Actor, given: ProposeWithdrawalInput) -> CalendarProposal:
        """Keep it and have its effect counted."""
        withdrawable(given.year)
        proposal = CalendarProposal(kind=Kind.WITHDRAW, year=given.year, notice=given.reason)
        return _keep(self, proposal, CalendarProposal.objects.filter(year=given.year).exclude(kind=Kind.WORKDAY))


class ProposeWorkdayInput(Input):
    """A day, whether the whole country works on it, and why."""

    day: date = Field(ge=FIRST, le=LAST)
    #: ``None`` takes an earlier override of the day back.
    working: bool | None
    reason: str = Field(min_length=2, max_length=80)


class ProposeWorkday(Action[ProposeWorkdayInput, CalendarProposal]):
    """Enter a day on which everybody works or rests otherwise (录入全域工作日调整), for a second officer to confirm.

    An earlier proposal for the day is laid aside. Raises CalendarUnchanged where the day is so already.
    """

    name = "vocabulary.propose_workday"
    permission = KEEP_CALENDAR
    title = _("录入全域工作日调整")

    def check(self, actor: Actor, given: ProposeWorkdayInput) -> None:
        """Refuse whoever keeps only part of the country's calendar."""
        require_everywhere(actor)

    def perform(self, actor: Actor, given: ProposeWorkdayInput) -> CalendarProposal:
        """Keep it and have its effect counted."""
        day = given.day.isoformat()
        days = [{"day": day, "working": given.working, "name": given.reason}]
        proposal = CalendarProposal(kind=Kind.WORKDAY, year=given.day.year, notice=given.reason, days=days)
        if Almanac.load().calendar(None) == Almanac.load(proposal).calendar(None):
            raise CalendarUnchanged
        return _keep(self, proposal, CalendarProposal.objects.filter(kind=Kind.WORKDAY, days__0__day=day))


def _keep(action: Action[Any, CalendarProposal], proposal: CalendarProposal, rivals: Any) -> CalendarProposal:
    """Keep a proposal in place of those open ones that it replaces, and have its effect counted."""
    actor, year = action.actor, None if proposal.kind == Kind.WORKDAY else proposal.year
    before, after = Almanac.load().calendar(None), Almanac.load(proposal).calendar(None)
    rivals.filter(state=State.PROPOSED).update(state=State.DISCARDED, decided_by_name=actor.name, decided_at=now())
    proposal.proposed_by, proposal.proposed_by_name = actor.account_id, actor.name
    proposal.save()
    action.about(proposal, kind=proposal.kind, year=proposal.year, notice=proposal.notice)
    action.emit("vocabulary.calendar_proposed", proposal.pk, days=changed_days(before, after, year))
    return proposal
