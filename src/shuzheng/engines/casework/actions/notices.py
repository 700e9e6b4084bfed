"""What the platform does by the clock: turn cards, bring about what the law attaches to a lapse, follow the calendar."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.casework.actions.intake import DeemAccepted
from shuzheng.engines.casework.casefile import CaseFile, open_file
from shuzheng.engines.casework.clock import LapseEffect
from shuzheng.engines.casework.clock_rows import LADDER, next_notice
from shuzheng.engines.casework.models import FAR_FUTURE, Case, Clock
from shuzheng.engines.vocabulary.queries import work_calendar
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import EVERYTHING, Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import local, now


class GiveNoticesInput(Input):
    """How many clocks at most."""

    limit: int = Field(default=200, ge=1, le=1000)


class NoticesGiven(BaseModel):
    """How many clocks turned a card."""

    count: int


class GiveNotices(Action[GiveNoticesInput, NoticesGiven]):
    """Turn the cards that are due to turn (红黄牌) and bring about what the law attaches to a lapse.

    The cards themselves are read from the clocks at any time; this only tells people, and catches up on whatever a
    missed run left.
    """

    name = "casework.give_notices"
    permission = EVERYTHING
    title = _("时限预警")

    def perform(self, actor: Actor, given: GiveNoticesInput) -> NoticesGiven:
        """Take the clocks whose notice is due, the earliest first; other workers take others."""
        due = Clock.objects.filter(notice_at__lte=now(), notice_at__lt=FAR_FUTURE)
        clocks = list(
            due.select_for_update(skip_locked=True, of=("self",))
            .select_related("case")
            .order_by("notice_at")[: given.limit]
        )
        for clock in clocks:
            clock.noticed = card_reached(clock)
            clock.notice_at = next_notice(clock)
        Clock.objects.bulk_update(clocks, ["noticed", "notice_at"])
        for clock in clocks:
            self._tell(actor, clock)
        self.about(None, count=len(clocks))
        return NoticesGiven(count=len(clocks))

    def _tell(self, actor: Actor, clock: Clock) -> None:
        case, rule = clock.case, clock.parsed_rule
        self.emit(
            "casework.card_turned",
            case.pk,
            number=case.number,
            card=clock.noticed,
            clock=clock.code,
            title=rule.title,
            task=str(clock.task_id or ""),
        )
        deemed = rule.lapse == LapseEffect.DEEMED_ACCEPTED and clock.noticed == "lapsed"
        if deemed and case.state == Case.State.FILED:
            DeemAccepted.do(actor, case_id=case.pk)


def card_reached(clock: Clock) -> str:
    """Return the last card that a clock has reached by now."""
    moment = now()
    reached = {"amber": moment >= clock.amber_at, "red": moment >= clock.red_at, "lapsed": moment > clock.due_at}
    return next((card for card in reversed(LADDER) if reached.get(card)), LADDER[0])


class RecomputeClocksInput(Input):
    """Which days of which division's calendar changed."""

    #: Path of the division; empty for the whole country.
    division: str = ""
    days: list[date] = Field(min_length=1, max_length=400)
    #: Case after which this batch goes on.
    after: UUID | None = None
    limit: int = Field(default=100, ge=1, le=1000)


class ClocksRecomputed(BaseModel):
    """What a batch did."""

    seen: int
    moved: int
    #: Where the next batch goes on; none when there is nothing left.
    after: UUID | None


class RecomputeClocks(Action[RecomputeClocksInput, ClocksRecomputed]):
    """Compute open clocks again after a calendar changed; every due date that moved is told and written down."""

    name = "casework.recompute_clocks"
    permission = EVERYTHING
    title = _("重算时限")

    def perform(self, actor: Actor, given: RecomputeClocksInput) -> ClocksRecomputed:
        """Compute one batch of cases."""
        work_calendar(fresh=True)  # this process may still trust the calendar it knew a moment ago
        ids = cases_concerned(given.division, given.days, given.after, given.limit)
        moved = sum(self._recompute(actor, case_id) for case_id in ids)
        self.about(None, division=given.division, seen=len(ids), moved=moved)
        return ClocksRecomputed(seen=len(ids), moved=moved, after=ids[-1] if len(ids) == given.limit else None)

    def _recompute(self, actor: Actor, case_id: UUID) -> bool:
        file = open_file(case_id, self.unit)
        before = file.case.due_at
        file.clocks.compute(file.open_tasks())
        moved = before != file.case.due_at
        if moved and FAR_FUTURE not in (before, file.case.due_at):
            self._tell(actor, file, before)
        file.save()
        return moved

    def _tell(self, actor: Actor, file: CaseFile, before: datetime) -> None:
        case = file.case
        text = _("因工作日安排调整，办理期限由 {before} 改为 {after}。")
        old, new = f"{local(before):%Y-%m-%d}", f"{local(case.due_at):%Y-%m-%d}"
        file.tell(actor, self.name, format_lazy(text, before=old, after=new))
        self.emit("casework.due_changed", case.pk, number=case.number, before=old, after=new)


def cases_concerned(division: str, days: list[date], after: UUID | None, limit: int) -> list[UUID]:
    """Return the open cases below a division path with a clock that one of the days can move, in order of their ids."""
    first, last = min(days), max(days)
    live = Clock.objects.exclude(state=Clock.State.STOPPED).filter(started_at__date__lt=last)
    live = live.filter(Q(due_at__date__gte=first) | Q(state=Clock.State.SUSPENDED))
    if division:
        live = live.filter(Q(division_path=division) | Q(division_path__startswith=f"{division}."))
    if after:
        live = live.filter(case_id__gt=after)
    return list(live.order_by("case_id").values_list("case_id", flat=True).distinct()[:limit])
