"""The arithmetic of service objectives: shares, burn rates, budgets. Pure.

Burn rate 1 uses the budget up exactly at the end of its window (Site Reliability Workbook, chapter 5).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from shuzheng.engines.resources.definitions import AlertRule, Objective
from shuzheng.kernel.outcomes import BOUNDS, Count

#: What the board shows of an objective, the worst last.
State = Literal["no-data", "ok", "ticket", "page", "spent"]
ORDER: tuple[State, ...] = ("no-data", "ok", "ticket", "page", "spent")


def total(counts: Iterable[Count]) -> Count:
    """Add counts up."""
    added = Count()
    for count in counts:
        added.add(count)
    return added


def good(objective: Objective, count: Count) -> int:
    """Return how many outcomes kept the promise."""
    if objective.within is None:
        return count.good
    return sum(count.buckets[: BOUNDS.index(objective.within) + 1])


def share(objective: Objective, count: Count) -> float | None:
    """Return the share of good outcomes, 0 to 1; ``None`` when there was none at all."""
    return good(objective, count) / count.total if count.total else None


def burn(objective: Objective, count: Count) -> float:
    """Return how many times too fast the budget burns; 0 when nothing happened."""
    kept = share(objective, count)
    return 0.0 if kept is None else (1 - kept) / (1 - objective.target)


def budget_left(objective: Objective, count: Count) -> float:
    """Return what is left of the budget of the window that was counted: 1 untouched, 0 spent, negative overspent."""
    return 1 - burn(objective, count)


@dataclass(frozen=True)
class Burn:
    """How an alert rule stands."""

    rule: AlertRule
    long: float
    short: float
    #: Outcomes in the long window.
    outcomes: int

    @property
    def firing(self) -> bool:
        """Say whether it must alert: both windows burn too fast, on enough outcomes."""
        return self.outcomes >= self.rule.least and min(self.long, self.short) >= self.rule.burn

    @property
    def over(self) -> bool:
        """Say whether an open alert may close: the short window no longer burns too fast."""
        return self.short < self.rule.burn


def state(left: float, burns: Iterable[Burn], *, seen: bool, enough: bool = True) -> State:
    """Return how an objective stands; a handful of outcomes spends no budget."""
    if not seen:
        return "no-data"
    firing = {burn.rule.severity for burn in burns if burn.firing}
    if "page" in firing:
        return "page"
    if left <= 0 and enough:
        return "spent"
    return "ticket" if "ticket" in firing else "ok"


def worst(states: Iterable[State]) -> State:
    """Return the worst of several states."""
    found = list(states)
    return max(found, key=ORDER.index) if found else "no-data"
