"""How every service stands now: shares, budgets and burn rates from minute and day counts, the age of its queues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shuzheng.engines.resources import counters, objectives, scaling
from shuzheng.engines.resources.definitions import KIND, AlertRule, Objective, SupportService
from shuzheng.engines.resources.models import ServiceState
from shuzheng.engines.resources.objectives import Burn, State
from shuzheng.kernel.definition import listing
from shuzheng.kernel.metrics import due_jobs
from shuzheng.kernel.moment import now
from shuzheng.kernel.outcomes import Count

#: The longest window of an alert rule, in minutes.
LONGEST = 360
#: Minutes over which slowness speaks for another process.
RECENT = 5
#: Outcomes below which a share says nothing.
FEWEST = 20
Minutes = list[tuple[datetime, Count]]


@dataclass(frozen=True)
class Standing:
    """How one objective stands."""

    objective: Objective
    state: State
    share: float | None
    left: float
    outcomes: int
    burns: tuple[Burn, ...]

    def plain(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {
            "code": self.objective.code,
            "title": self.objective.title,
            "target": self.objective.target,
            "within": self.objective.within,
            "state": self.state,
            "share": self.share,
            "left": self.left,
            "outcomes": self.outcomes,
            "burns": {burn.rule.code: [burn.long, burn.short] for burn in self.burns},
        }


@dataclass(frozen=True)
class Evaluation:
    """How one service stands."""

    service: SupportService
    standings: tuple[Standing, ...]
    row: ServiceState


def evaluate() -> list[Evaluation]:
    """Return how every declared service stands, in a fixed number of statements."""
    services: list[SupportService] = [stored.body for stored in listing(KIND)]
    minutes = counters.minutes(LONGEST)
    days = counters.days(max((service.window_days for service in services), default=1))
    queues = due_jobs()
    before = ServiceState.objects.in_bulk()
    return [
        _evaluate(service, minutes.get(service.code, []), days.get(service.code, []), queues, before.get(service.code))
        for service in services
    ]


def _evaluate(
    service: SupportService,
    minutes: Minutes,
    days: Minutes,
    queues: Mapping[str, tuple[int, float]],
    before: ServiceState | None,
) -> Evaluation:
    since = counters.day_of(now()) - timedelta(days=service.window_days - 1)
    window = objectives.total(count for start, count in days if start >= since)
    standings = tuple(_standing(objective, window, minutes) for objective in service.objectives)
    row = ServiceState(
        service=service.code,
        state=objectives.worst(standing.state for standing in standings),
        objectives=[standing.plain() for standing in standings],
        waiting=sum(queues.get(queue, (0, 0.0))[0] for queue in service.queues),
        queue_seconds=max((queues.get(queue, (0, 0.0))[1] for queue in service.queues), default=0),
        evaluated_at=now(),
    )
    if service.scaling is not None:
        _scale(row, service.scaling, before, _slow_burn(service.objectives, minutes))
    return Evaluation(service, standings, row)


def _standing(objective: Objective, window: Count, minutes: Minutes) -> Standing:
    left = objectives.budget_left(objective, window)
    burns = tuple(_burn(rule, objective, minutes) for rule in objective.alerts)
    share = objectives.share(objective, window)
    state = objectives.state(left, burns, seen=window.total > 0, enough=window.total >= FEWEST)
    return Standing(objective, state, share, left, window.total, burns)


def _burn(rule: AlertRule, objective: Objective, minutes: Minutes) -> Burn:
    long, short = _last(minutes, rule.long_minutes), _last(minutes, rule.short_minutes)
    return Burn(rule, objectives.burn(objective, long), objectives.burn(objective, short), long.total)


def _last(minutes: Minutes, many: int) -> Count:
    """Return the sum of the last minutes; the one that has begun counts, so that an outage shows at once."""
    since = now() - timedelta(minutes=many)
    return objectives.total(count for start, count in minutes if start > since)


def _slow_burn(wanted: Iterable[Objective], minutes: Minutes) -> float:
    recent = _last(minutes, RECENT)
    if recent.total < FEWEST:
        return 0.0
    return max((objectives.burn(o, recent) for o in wanted if o.within is not None), default=0.0)


def _scale(row: ServiceState, policy: scaling.Policy, before: ServiceState | None, slow: float) -> None:
    """Decide on workers by what waits in the queues, and on processes of the web by what is answered slowly."""
    workers = _decide(policy, before and before.workers, before and before.calm_since, queue_seconds=row.queue_seconds)
    web = _decide(policy, before and before.web, before and before.web_calm_since, slow_burn=slow)
    row.workers, row.calm_since, row.reason = workers.wanted, workers.calm_since, workers.reason[:200]
    row.web, row.web_calm_since, row.web_reason = web.wanted, web.calm_since, web.reason[:200]
    row.wanted = max(workers.wanted, web.wanted)
    row.move = next((move for move in ("grow", "shrink") if move in (workers.move, web.move)), "hold")


def _decide(policy: scaling.Policy, known: int | None, calm: datetime | None, **read: float) -> scaling.Decision:
    readings = scaling.Readings(at=now(), processes=known or policy.least, calm_since=calm, **read)
    return scaling.decide(policy, readings)
