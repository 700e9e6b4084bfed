"""What a process counts reaches its engine, and nothing is lost while the database is away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from shuzheng.kernel import pauses, pulse
from shuzheng.kernel.moment import at, now
from shuzheng.kernel.outcomes import TALLY, Count, Key
from shuzheng.kernel.pauses import Pause
from shuzheng.kernel.worker import PatientJobManager

Counts = Mapping[Key, Count]


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    """Leave nothing counted and nothing paused."""
    TALLY.take()
    yield
    TALLY.take()
    pauses.replace([])


def names(counts: Counts) -> dict[str, tuple[int, int]]:
    """Return good and total by name."""
    return {name: (count.good, count.total) for (name, _minute), count in counts.items()}


def test_a_beat_that_the_database_misses_is_made_up_for_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[Counts] = []

    def away(counts: Counts) -> None:
        raise OperationalError

    TALLY.count("view:home", 0.01, good=True)
    monkeypatch.setattr(pulse, "_beat", lambda: away)
    pulse.beat()
    TALLY.count("view:home", 0.01, good=False)
    monkeypatch.setattr(pulse, "_beat", lambda: beats.append)
    pulse.beat()
    assert sum(total for _good, total in [names({key: count})[key[0]] for key, count in beats[0].items()]) == 2
    pulse.beat()
    assert beats[1] == {}


def test_a_worker_counts_each_job_that_it_took_by_how_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job(id=7, queue="q", lock=None, queueing_lock=None, task_name="trial.work", task_kwargs={})

    async def fetch(*args: Any, **kwargs: Any) -> Job:
        return job

    async def report(*args: Any, **kwargs: Any) -> None:
        return None

    monkeypatch.setattr(JobManager, "fetch_job", fetch)
    monkeypatch.setattr(JobManager, "finish_job", report)
    monkeypatch.setattr(JobManager, "retry_job", report)

    async def work() -> None:
        manager: Any = PatientJobManager(None)
        await manager.fetch_job(None, 1)
        await manager.finish_job(job, Status.SUCCEEDED, delete_job=False)
        await manager.fetch_job(None, 1)
        await manager.retry_job(job)
        await manager.finish_job(job, Status.FAILED, delete_job=False)  # of somebody else's: not taken here

    with ThreadPoolExecutor(1) as threads:  # browser tests may have left an event loop in this one
        threads.submit(asyncio.run, work()).result()
    counted = TALLY.take()
    assert sum(count.total for count in counted.values()) == 2
    assert sum(count.good for count in counted.values()) == 1
    assert {name for name, _minute in counted} == {"job:trial.work"}


def test_a_pause_begins_and_ends_by_the_clock_alone() -> None:
    moment = now()
    pause = Pause(
        service="x",
        notice="暂停。",
        starts_at=moment,
        ends_at=moment + timedelta(minutes=5),
        actions=frozenset({"x.do"}),
        channels=frozenset({"sms"}),
        banner=False,
    )
    pauses.replace([pause])
    with at(moment + timedelta(minutes=4)):
        assert pauses.pause_of("x.do") == pause
        assert pauses.pause_of("y.do") is None
        assert pauses.silent_channels() == {"sms"}
        assert pauses.banners() == []
    with at(moment + timedelta(minutes=5)):
        assert pauses.in_force() == []
