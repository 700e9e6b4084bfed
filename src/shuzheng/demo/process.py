"""One process of the story; imports nothing that needs Django before Django is set up."""

from __future__ import annotations

from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shuzheng.demo.plan import Plan

#: Seconds to wait for the other processes at the end of a simulated day.
PATIENCE = 300


def run(plan: Plan, shard: int, barrier: Barrier, told: Queue[int | str]) -> None:
    """Play one share of the story, telling how many cases began and, if it fails, why."""
    import django

    django.setup()
    from shuzheng.demo.playing import play

    def day_over(begun: int) -> None:
        told.put(begun)
        barrier.wait(PATIENCE)

    try:
        play(plan, shard, day_over)
    except Exception as failure:
        barrier.abort()
        told.put(f"{type(failure).__name__}: {failure}")
        raise
