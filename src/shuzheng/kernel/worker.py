"""The process that does background work, patient when the database is away.

Three things differ from procrastinate's own worker command. Jobs keep Django's connection for deferring further jobs, so
that an action inside a job still commits its work, its audit record and its jobs together. A job that the database left
in the lurch is tried again instead of failing for good. And the result of a job is reported until the report arrives,
because a job whose report is lost would stay "doing" for ever.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable, Iterable
from copy import copy
from time import monotonic
from typing import Any, TypeVar, cast

import psycopg
import structlog
from django.db import InterfaceError, OperationalError
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.retry import RetryStrategy

from shuzheng.kernel import pulse
from shuzheng.kernel.outcomes import TALLY

#: Seconds between two signs of life, and without one before a worker counts as dead.
HEARTBEAT = 10.0
SILENCE = 3 * HEARTBEAT
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
#: A job is tried again while the database is away: after 2, 4, 6 … seconds, some twenty minutes in all.
OUTAGE = RetryStrategy(
    max_attempts=35, wait=2, linear_wait=2, retry_exceptions=[OperationalError, InterfaceError, ConnectorException]
)
T = TypeVar("T")
_told_to_stop = threading.Event()
log = structlog.get_logger()


class PatientJobManager(JobManager):
    """A job manager whose reports outlast an outage of the database."""

    def __init__(self, connector: Any) -> None:
        """Know when each job at hand was taken."""
        super().__init__(connector)
        self._taken: dict[int | None, float] = {}

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """Report the end of a job."""
        self._count(job, good=status is Status.SUCCEEDED)
        await _insist(lambda: super(PatientJobManager, self).finish_job(job, status, delete_job))

    async def retry_job(self, job: Job, *args: Any, **kwargs: Any) -> None:
        """Report that a job is to be tried again."""
        self._count(job, good=False)
        await _insist(lambda: super(PatientJobManager, self).retry_job(job, *args, **kwargs))

    async def fetch_job(self, *args: Any, **kwargs: Any) -> Any:
        """Take the next job."""
        job = await _insist(lambda: super(PatientJobManager, self).fetch_job(*args, **kwargs))
        if job is not None:
            self._taken[job.id] = monotonic()
        return job

    def _count(self, job: Job, *, good: bool) -> None:
        """Count the outcome of a job that this worker took."""
        taken = self._taken.pop(job.id, None)
        if taken is not None:
            TALLY.count(f"job:{job.task_name}", monotonic() - taken, good=good)

    async def update_heartbeat(self, worker_id: int) -> None:
        """Give a sign of life."""
        await _insist(lambda: super(PatientJobManager, self).update_heartbeat(worker_id))

    async def defer_periodic_job(self, *args: Any, **kwargs: Any) -> Any:
        """Queue a periodic job whose time has come."""
        return await _insist(lambda: super(PatientJobManager, self).defer_periodic_job(*args, **kwargs))

    async def listen_for_jobs(self, *args: Any, **kwargs: Any) -> None:
        """Wait for word of new jobs; procrastinate polls as well, so that none is missed meanwhile."""
        await _insist(lambda: super(PatientJobManager, self).listen_for_jobs(*args, **kwargs))


def away(error: BaseException | None) -> bool:
    """Say whether an error means that the database cannot be reached, rather than that it refused something."""
    while error is not None:
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | OperationalError | InterfaceError):
            return True
        error = error.__cause__
    return False


def pause(seconds: float) -> bool:
    """Sleep in a job that goes on for a while; return ``True``, at once, when the worker was told to stop."""
    return _told_to_stop.wait(seconds)


def worker_app() -> App:
    """Return an application with the site's tasks and a connector of its own, for a worker to run."""
    app.perform_import_paths()
    connector = cast(DjangoConnector, app.connector)
    for task in app.tasks.values():
        task.retry_strategy = task.retry_strategy or OUTAGE
    own = App(connector=connector.get_worker_connector(), worker_defaults=app.worker_defaults)
    own.job_manager = PatientJobManager(own.connector)
    own.tasks = app.tasks
    for one in app.periodic_registry.periodic_tasks.values():
        task = copy(one.task)
        task.blueprint = own  # a periodic job is queued by the worker itself, through its own connections
        own.periodic_registry.register_task(task, one.cron, one.periodic_id, one.configure_kwargs)
    return own


def run(*, concurrency: int, queues: Iterable[str] | None = None, heartbeat: float = HEARTBEAT) -> None:
    """Work until SIGTERM or SIGINT; jobs at hand are finished first. Start again when the database was away."""
    pulse.start()
    asyncio.run(_run(concurrency, list(queues) if queues else None, heartbeat))


async def _run(concurrency: int, queues: list[str] | None, heartbeat: float) -> None:
    stopping = asyncio.Event()
    _told_to_stop.clear()

    def stop() -> None:
        stopping.set()
        _told_to_stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    pause = FIRST_PAUSE
    while not stopping.is_set():
        started = asyncio.get_running_loop().time()
        try:
            await _work(stopping, concurrency, queues, heartbeat)
        except Exception as error:
            if not away(error):
                raise
            log.warning("database_unavailable", retry_in_seconds=pause)
        if asyncio.get_running_loop().time() - started > LONGEST_PAUSE:
            pause = FIRST_PAUSE
        await _wait(stopping, pause)
        pause = min(2 * pause, LONGEST_PAUSE)


async def _work(stopping: asyncio.Event, concurrency: int, queues: list[str] | None, heartbeat: float) -> None:
    own = worker_app()
    async with own.open_async():
        work = asyncio.ensure_future(
            own.run_worker_async(
                queues=cast(Iterable[str], queues),  # None means all of them, whatever the annotation says
                concurrency=concurrency,
                install_signal_handlers=False,
                update_heartbeat_interval=heartbeat,
                stalled_worker_timeout=3 * heartbeat,
                shutdown_graceful_timeout=25,
            )
        )
        stop = asyncio.ensure_future(stopping.wait())
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not work.done():
            work.cancel()
        await asyncio.gather(work, return_exceptions=stopping.is_set())


async def _insist(report: Callable[[], Awaitable[T]]) -> T | None:
    """Repeat a statement until the database answers; a repeated report that it refuses had already arrived."""
    pause = FIRST_PAUSE
    repeated = False
    while True:
        try:
            return await report()
        except ConnectorException as error:
            if repeated and isinstance(error.__cause__, psycopg.errors.RaiseException):
                return None
            if not away(error):
                raise
        log.warning("database_unavailable", retry_in_seconds=pause)
        await asyncio.sleep(pause)
        pause, repeated = min(2 * pause, LONGEST_PAUSE), True


async def _wait(stopping: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return
