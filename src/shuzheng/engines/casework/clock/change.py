"""What a changed calendar does to clocks: which may move, and by exactly how much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shuzheng.engines.casework.clock.event import ClockEvent
from shuzheng.engines.casework.clock.face import Reading
from shuzheng.engines.casework.clock.reading import read
from shuzheng.engines.casework.clock.rule import ClockRule
from shuzheng.engines.vocabulary.calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class DueChange:
    """A clock before and after its calendar changed."""

    before: Reading
    after: Reading
    #: The changed days that fell into the clock's time.
    days: tuple[date, ...]

    @property
    def moved(self) -> bool:
        """Say whether the due instant, or while suspended the earliest possible one, is another."""
        return self.before.not_before != self.after.not_before

    @property
    def shift_days(self) -> int:
        """Return by how many calendar days the due day moved; negative is earlier."""
        if self.before.not_before is None or self.after.not_before is None:
            return 0
        return (self.after.not_before.date() - self.before.not_before.date()).days


def moved_days(started: date, due: date, changed: Sequence[date]) -> tuple[date, ...]:
    """Return the changed days that can move a clock: those after its first day and not after its due day.

    A clock without any keeps its due date, so that a query by start and due day finds every clock worth recomputing.
    """
    return tuple(day for day in changed if started < day <= due)


def recompute(
    rule: ClockRule,
    events: Iterable[ClockEvent],
    before: WorkCalendar,
    after: WorkCalendar,
    now: datetime | None = None,
) -> DueChange | None:
    """Return what another calendar does to a clock, or ``None`` if it does nothing to its due instant and cards."""
    events = list(events)
    old, new = read(rule, events, before, now), read(rule, events, after, now)
    if old.started is None or old.not_before is None or new.not_before is None:
        return None
    if (old.not_before, old.amber_at, old.red_at) == (new.not_before, new.amber_at, new.red_at):
        return None
    last = max(old.not_before, new.not_before).date()
    return DueChange(old, new, moved_days(old.started.date(), last, before.differences(after)))
