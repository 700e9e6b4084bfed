"""Timekeeping: the clocks of one case between the database and the pure clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.clock import (
    ClockEvent,
    ClockRule,
    EventKind,
    Ground,
    Reading,
    RefusalReason,
    objection,
    read,
)
from shuzheng.engines.casework.clock_refusals import ClockRefused, reason_of
from shuzheng.engines.casework.clock_rows import CARD_FIELDS, COMPUTED, LADDER, apply
from shuzheng.engines.casework.models import FAR_FUTURE, Case, Clock, ClockFact, Task
from shuzheng.engines.vocabulary.calendar import WorkCalendar
from shuzheng.engines.vocabulary.queries import work_calendar
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now
from shuzheng.kernel.rows import Changed, find_all


class Timekeeper:
    """The clocks of one case. Gather facts, ``compute``, then write what ``take`` returns."""

    def __init__(self, case: Case, *, clocks: Iterable[Clock] = (), facts: Iterable[ClockFact] = ()) -> None:
        """Bind the clocks and facts already stored."""
        self.case = case
        self.clocks = list(clocks)
        self.facts = list(facts)
        self._new_clocks: list[Clock] = []
        self._new_facts: list[ClockFact] = []
        self._stopped: set[UUID] = set()
        #: Clocks that show something else than what is stored.
        self._moved: list[Clock] = []
        self.calendar: WorkCalendar = work_calendar(case.division_code)

    @classmethod
    def load(cls, case: Case) -> Timekeeper:
        """Read a case's clocks and facts, in two statements."""
        return cls(case, clocks=find_all(Clock, case=case.pk), facts=find_all(ClockFact, case=case.pk))

    # -- facts ---------------------------------------------------------------------------------------------

    def start(self, rule: ClockRule, at: datetime | None = None, *, task: Task | None = None) -> Clock:
        """Start a clock by its rule."""
        moment = at or now()
        clock = Clock(
            case=self.case,
            task_id=task.pk if task else None,
            code=rule.code,
            rule=rule.plain,
            started_at=moment,
            calendar_version=self.calendar.version,
            division_path=self.case.division_path,
        )
        clock.parsed_rule = rule
        self.clocks.append(clock)
        self._new_clocks.append(clock)
        self._add(ClockEvent(id=str(new_id()), kind=EventKind.START, at=moment), clock)
        return clock

    def suspend(self, ground: Ground, note: str = "", at: datetime | None = None) -> ClockEvent:
        """Stop counting on a ground, on every running clock whose rule allows it. Raises ClockRefused if none does."""
        event = ClockEvent(id=str(new_id()), kind=EventKind.SUSPEND, at=at or now(), ground=ground, note=note)
        reasons = [reason for clock in self.live() if (reason := self._objection(clock, event)) is not None]
        if len(reasons) == len(self.live()):
            raise ClockRefused(reason=reason_of(reasons[0]) if reasons else _("没有正在计时的时限"))
        self._add(event)
        return event

    def resume(self, closes: str | None = None, note: str = "", at: datetime | None = None) -> ClockEvent:
        """Count again."""
        event = ClockEvent(id=str(new_id()), kind=EventKind.RESUME, at=at or now(), closes=closes, note=note)
        self._add(event)
        return event

    def extend(self, clock: Clock, amount: int, approver: str, note: str = "") -> ClockEvent:
        """Extend one clock. Raises ClockRefused."""
        event = ClockEvent(
            id=str(new_id()), kind=EventKind.EXTEND, at=now(), amount=amount, approver=approver, note=note
        )
        reason = self._objection(clock, event)
        if reason is not None:
            raise ClockRefused(reason=reason_of(reason))
        self._add(event, clock)
        return event

    def stop(self, *codes: str, task_id: UUID | None = None) -> None:
        """Stop clocks by code, or the clocks of a task; without either, every clock still going."""
        for clock in self.live():
            if (
                (clock.code in codes and clock.task_id is None)
                or (task_id and clock.task_id == task_id)
                or (not codes and task_id is None)
            ):
                self._stop(clock)

    def restart(self, *codes: str) -> None:
        """Start clocks of the case again from their beginning, stopped or not."""
        for clock in self.clocks:
            if clock.code in codes and clock.task_id is None:
                clock.state, clock.noticed = Clock.State.RUNNING, LADDER[0]
                self._stopped.discard(clock.pk)
                self._add(ClockEvent(id=str(new_id()), kind=EventKind.RESTART, at=now()), clock)

    def _stop(self, clock: Clock) -> None:
        self._stopped.add(clock.pk)
        self._add(ClockEvent(id=str(new_id()), kind=EventKind.STOP, at=now()), clock)

    # -- readings ------------------------------------------------------------------------------------------

    def live(self) -> list[Clock]:
        """Return the clocks that have not been stopped."""
        return [c for c in self.clocks if c.state != Clock.State.STOPPED and c.pk not in self._stopped]

    def clock(self, code: str) -> Clock | None:
        """Return the case's own clock of a code."""
        return next((clock for clock in self.clocks if clock.code == code and clock.task_id is None), None)

    def events(self, clock: Clock) -> list[ClockEvent]:
        """Return the facts that concern a clock."""
        return [fact.parsed for fact in self.facts if fact.clock_id in (None, clock.pk)]

    def reading(self, clock: Clock, at: datetime | None = None) -> Reading:
        """Return what a clock shows at a moment (default now)."""
        return read(clock.parsed_rule, self.events(clock), self.calendar, at or now())

    # -- writing -------------------------------------------------------------------------------------------

    def take(self) -> tuple[list[Model], Changed]:
        """Return, once, the new clocks and facts, and the stored clocks that ``compute`` found to show something else."""
        new = [*self._new_clocks, *self._new_facts]
        moved = [clock for clock in self._moved if clock not in self._new_clocks]
        self._new_clocks, self._new_facts, self._moved = [], [], []
        return new, (moved, COMPUTED)

    def compute(self, tasks: Iterable[Task] = ()) -> None:
        """Read every live clock again and set the due instants of the case and of its open tasks; writes nothing."""
        for clock in self.clocks:
            if clock.state != Clock.State.STOPPED:
                before = [getattr(clock, field) for field in COMPUTED]
                apply(clock, self.reading(clock))
                if before != [getattr(clock, field) for field in COMPUTED]:
                    self._moved.append(clock)
        self._stamp(tasks)

    def _stamp(self, tasks: Iterable[Task]) -> None:
        """Set the due instant and card instants of case and tasks to the earliest of the clocks that concern them."""
        running = [clock for clock in self.clocks if clock.state == Clock.State.RUNNING]
        own = [clock for clock in running if clock.task_id is None]
        for field in CARD_FIELDS:
            earliest = min((getattr(clock, field) for clock in own), default=FAR_FUTURE)
            setattr(self.case, field, earliest)
            for task in tasks:
                steps = [getattr(clock, field) for clock in running if clock.task_id == task.pk]
                setattr(task, field, min([earliest, *steps]))

    def _objection(self, clock: Clock, event: ClockEvent) -> RefusalReason | None:
        return objection(clock.parsed_rule, self.events(clock), event, self.calendar)

    def _add(self, event: ClockEvent, clock: Clock | None = None) -> None:
        fact = ClockFact.of(self.case.pk, event, clock)
        self.facts.append(fact)
        self._new_facts.append(fact)
