"""What a change of the calendar, entered but not confirmed, would do to the due dates of open cases (试算); writes nothing here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from shuzheng.engines.casework.actions.notices import cases_concerned
from shuzheng.engines.casework.clock import read
from shuzheng.engines.casework.models import Clock, ClockFact
from shuzheng.engines.vocabulary.calendar import WorkCalendar
from shuzheng.engines.vocabulary.models import CalendarProposal
from shuzheng.engines.vocabulary.queries.calendar import Almanac

BATCH = 500


@dataclass(frozen=True)
class Weight:
    """Open cases looked at so far, those that would be due earlier and later, and where to go on."""

    seen: int = 0
    earlier: int = 0
    later: int = 0
    #: Case after which the next batch goes on; none when there is nothing left.
    after: UUID | None = None


def weigh(proposal: CalendarProposal, days: list[date], so_far: Weight) -> Weight:
    """Count one more batch of the cases that a changed day can move, in three statements."""
    ids = cases_concerned("", days, so_far.after, BATCH) if days else []
    clocks, facts = _clocks(ids), _facts(ids)
    before, after = Almanac.load(), Almanac.load(proposal)
    seen, earlier, later = so_far.seen, so_far.earlier, so_far.later
    for case_id in ids:
        own = clocks[case_id]
        code = str(own[0].division_path).rsplit(".", 1)[-1] if own else ""
        was = _due(own, facts[case_id], before.calendar(code))
        would = _due(own, facts[case_id], after.calendar(code))
        seen += 1
        earlier += bool(was and would and would < was)
        later += bool(was and would and would > was)
    return replace(so_far, seen=seen, earlier=earlier, later=later, after=ids[-1] if len(ids) == BATCH else None)


def _due(clocks: Iterable[Clock], facts: list[ClockFact], calendar: WorkCalendar) -> datetime | None:
    """Return when a case is due by a calendar: the earliest of its own clocks; ``None`` while they are suspended."""
    readings = [
        read(clock.parsed_rule, [fact.parsed for fact in facts if fact.clock_id in (None, clock.pk)], calendar)
        for clock in clocks
    ]
    return min((reading.due for reading in readings if reading.due), default=None)


def _clocks(ids: list[UUID]) -> dict[UUID, list[Clock]]:
    found: dict[UUID, list[Clock]] = defaultdict(list)
    for clock in Clock.objects.filter(case_id__in=ids, task_id=None).exclude(state=Clock.State.STOPPED):
        found[clock.case_id].append(clock)
    return found


def _facts(ids: list[UUID]) -> dict[UUID, list[ClockFact]]:
    found: dict[UUID, list[ClockFact]] = defaultdict(list)
    for fact in ClockFact.objects.filter(case_id__in=ids):
        found[fact.case_id].append(fact)
    return found
