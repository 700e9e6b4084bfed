"""One clock laid along a measure: where it began, where it pauses, how far an amount reaches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shuzheng.engines.casework.clock.measure import FOREVER, Measure, Pause
from shuzheng.engines.casework.clock.timeline import Suspension


class Tape:
    """The counting of one clock. Amounts are in the measure's ticks; ``amount`` tells those of a limit."""

    __slots__ = ("_base", "_gaps", "begin", "measure", "pauses")

    def __init__(self, measure: Measure, begin: int, pauses: list[Pause]) -> None:
        """Lay out disjoint pauses, in order, after the tick in which the clock began."""
        self.measure, self.begin, self.pauses = measure, begin, pauses
        count = measure.count
        self._base = count(begin)
        self._gaps = [(count(since), None if until == FOREVER else count(until)) for since, until in pauses]

    @classmethod
    def of(cls, measure: Measure, start: datetime, suspensions: Sequence[Suspension]) -> Tape:
        """Lay out a clock.

        A day counts if the clock was running as the day began: the day of a suspension still counts, the day of the
        resumption does not, as 民法典 §201 has it for every period that begins with an event.
        """
        tick = measure.tick
        spans = [(tick(s.since), FOREVER if s.until is None else tick(s.until)) for s in suspensions]
        return cls(measure, tick(start), _merged(spans) if spans else [])

    def resumed(self, now: int) -> Tape:
        """Return the tape as if a suspension that still lasts ended at a tick."""
        return Tape(self.measure, self.begin, [(a, now if b == FOREVER else b) for a, b in self.pauses])

    def amount(self, units: int) -> int:
        """Return how much must be counted for so many units of the limit."""
        return self.measure.amount(self.begin, units)

    def finish(self, amount: int) -> int | None:
        """Return the tick at which an amount has been counted; ``None`` if a suspension that lasts comes before."""
        position, left = self._base, amount
        for since, until in self._gaps:
            room = since - position
            if left <= room:
                break
            if until is None:
                return None
            left -= room
            position = until
        return self.measure.reach(position + left)

    def last(self, amount: int) -> int | None:
        """Return the last tick of a limit, moved off days off and suspensions; ``None`` while it is not known."""
        tick = self.finish(amount)
        return None if tick is None else self.measure.settle(tick, self.pauses)

    def elapsed(self, tick: int) -> int:
        """Return how much has been counted up to and including a tick."""
        count = self.measure.count
        total = count(tick) - self._base
        for since, until in self.pauses:
            if since < tick:
                total -= count(min(until, tick)) - count(since)
        return total

    def paused(self, tick: int) -> bool:
        """Say whether a tick does not count because of a suspension."""
        return any(since < tick <= until for since, until in self.pauses)


def _merged(spans: list[Pause]) -> list[Pause]:
    """Return pauses as disjoint spans in order; overlapping ones become one, empty ones vanish."""
    joined: list[Pause] = []
    for since, until in sorted(spans):
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        elif since < until:
            joined.append((since, until))
    return joined
