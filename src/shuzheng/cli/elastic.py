"""How many processes ``shuzheng up`` keeps, from what the services demand: pure, bounded, and never flapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from shuzheng.engines.resources.demand import Demand

#: Seconds for which less must have been enough before anything is given up, beside the calm that a decision asks for.
HOLD = 60.0


@dataclass(frozen=True)
class Bounds:
    """Between how many processes of a kind the supervisor may choose."""

    least_web: int = 1
    most_web: int = 1
    #: Workers; the first one does the work of every queue and is never given up.
    most_workers: int = 1


@dataclass(frozen=True)
class Extra:
    """A worker beside the first one, for the queues of one service."""

    service: str
    number: int
    queues: tuple[str, ...] = ()
    reason: str = ""

    @property
    def name(self) -> str:
        """Return the name that stands before its lines."""
        return f"worker-{self.service}-{self.number}"


@dataclass(frozen=True)
class Plan:
    """What there should be."""

    web: int
    extras: tuple[Extra, ...] = ()
    reason: str = ""

    @property
    def workers(self) -> int:
        """Return how many workers there are in all."""
        return 1 + len(self.extras)


def plan(demands: Sequence[Demand], bounds: Bounds) -> Plan:
    """Return what to run: each service gets its first additional worker before any gets a second."""
    hungriest = max(demands, key=lambda demand: demand.web, default=None)
    web = bounds.least_web + (hungriest.web if hungriest else 0)
    wanted = [
        Extra(demand.service, number, demand.queues, demand.reason)
        for demand in demands
        for number in range(1, demand.workers + 1)
    ]
    wanted.sort(key=lambda extra: extra.number)  # stable: services in their own order
    reason = hungriest.reason if hungriest and hungriest.web else ""
    return Plan(
        min(web, max(bounds.most_web, bounds.least_web)), tuple(wanted[: max(0, bounds.most_workers - 1)]), reason
    )


@dataclass
class Steady:
    """Grows at once, and gives up only what was not wanted for ``hold`` seconds on end (滞后), one process at a time."""

    plan: Plan
    hold: float = HOLD
    #: Since when each thing was not wanted: names of workers, and ``web``.
    _spare: dict[str, float] = field(default_factory=dict)

    def follow(self, wanted: Plan, at: float, most_workers: int) -> Plan:
        """Return what to run now, given what is wanted and the time in seconds."""
        kept = {extra.name: extra for extra in self.plan.extras}
        needed = {extra.name: extra for extra in wanted.extras}
        spare = [name for name in kept if name not in needed]
        if self.plan.web > wanted.web:
            spare.append("web")
        self._spare = {name: self._spare.get(name, at) for name in spare}
        rested = [name for name in spare if at - self._spare[name] >= self.hold][-1:]
        for name in rested:
            kept.pop(name, None)
            del self._spare[name]
        for name, extra in needed.items():
            if name in kept or len(kept) < most_workers - 1:
                kept[name] = extra
        web = max(wanted.web, self.plan.web - ("web" in rested))
        self.plan = Plan(web, tuple(kept.values()), wanted.reason)
        return self.plan
