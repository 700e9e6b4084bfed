"""The second officer's part: what another entered of the country's calendar comes into force."""

from __future__ import annotations

from datetime import date

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.vocabulary.actions.calendar_proposals import ProposalInput, open_proposal, settle
from shuzheng.engines.vocabulary.calendar_keeping import changed_days, require_everywhere, withdrawable
from shuzheng.engines.vocabulary.errors import CalendarUnchanged, EffectUnknown, OwnProposal
from shuzheng.engines.vocabulary.models import CalendarProposal, CalendarYear, WorkdayOverride
from shuzheng.engines.vocabulary.policies import KEEP_CALENDAR
from shuzheng.engines.vocabulary.queries.calendar import Almanac
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor

Kind, State = CalendarProposal.Kind, CalendarProposal.State


class ConfirmCalendar(Action[ProposalInput, CalendarProposal]):
    """Confirm a change of the country's calendar that another officer entered (确认工作日历变更): from now on it holds.

    A year announced is provisional no longer, and an earlier entry is replaced; a year withdrawn is again what the
    library says, else plain weeks. Announces ``vocabulary.calendar_changed``. Raises OwnProposal, ProposalSettled,
    EffectUnknown while the due dates that would move are being counted, and what was true when it was proposed and is
    no more: CalendarUnchanged, CalendarInUse.
    """

    name = "vocabulary.confirm_calendar"
    permission = KEEP_CALENDAR
    title = _("确认工作日历变更")

    def check(self, actor: Actor, given: ProposalInput) -> None:
        """Refuse whoever keeps only part of the country's calendar."""
        require_everywhere(actor)

    def perform(self, actor: Actor, given: ProposalInput) -> CalendarProposal:
        """Enter it, and announce the days that differ from before."""
        proposal = open_proposal(given.proposal_id)
        if proposal.proposed_by == actor.account_id:
            raise OwnProposal
        if not proposal.weighed:
            raise EffectUnknown
        years = [] if proposal.kind == Kind.WORKDAY else [proposal.year]
        before = Almanac.load().calendar(None)
        entry = _enter(proposal, actor.name)
        changed = changed_days(before, Almanac.load().calendar(None), *years)
        if not changed and proposal.kind == Kind.WORKDAY:
            raise CalendarUnchanged
        settle(proposal, State.CONFIRMED, actor)
        self.about(proposal, kind=proposal.kind, year=proposal.year, notice=proposal.notice)
        self.emit("vocabulary.calendar_changed", entry.pk, division="", days=changed, years=years)
        return proposal


def _enter(proposal: CalendarProposal, by: str) -> Model:
    """Write what a proposal says into the tables that the calendar is read from."""
    if proposal.kind == Kind.WORKDAY:
        (only,) = proposal.days
        facts = {"day": date.fromisoformat(only["day"]), "working": only["working"], "reason": proposal.notice}
        return WorkdayOverride.objects.create(**facts, division_code="", path="", recorded_by=by)
    status = CalendarYear.Status.ANNOUNCED
    if proposal.kind == Kind.WITHDRAW:
        withdrawable(proposal.year)
        status = CalendarYear.Status.PROVISIONAL
    told = {"notice": proposal.notice, "days": proposal.days, "recorded_by": by}
    return CalendarYear.objects.create(year=proposal.year, status=status, **told)
