"""What every process does every few seconds: write what it counted, learn which measures are in force."""

from __future__ import annotations

from collections.abc import Mapping

from shuzheng.engines.resources import counters
from shuzheng.engines.resources.models import Measure
from shuzheng.kernel import pauses
from shuzheng.kernel.moment import now
from shuzheng.kernel.outcomes import Count, Key


def beat(counts: Mapping[Key, Count]) -> None:
    """Write the counts in one statement and read the measures in another."""
    counters.write(counts)
    learn()


def learn() -> None:
    """Let this process know which measures are in force; a drill pauses nothing."""
    active = Measure.objects.filter(state=Measure.State.ACTIVE, drill=False, ends_at__gt=now()).order_by("starts_at")
    pauses.replace(_pause(measure) for measure in active)


def _pause(measure: Measure) -> pauses.Pause:
    assert measure.starts_at is not None
    assert measure.ends_at is not None
    return pauses.Pause(
        service=measure.service,
        notice=measure.notice,
        starts_at=measure.starts_at,
        ends_at=measure.ends_at,
        actions=frozenset(measure.pauses),
        channels=frozenset(measure.holds),
        banner=measure.banner,
    )
