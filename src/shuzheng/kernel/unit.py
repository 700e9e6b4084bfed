"""The unit of work: what the actions of one transaction leave behind, written once at its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job, Status

from shuzheng.kernel import audit
from shuzheng.kernel.event import Announcement, subscribers
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.rows import Changed, write

_current: ContextVar[UnitOfWork | None] = ContextVar("unit_of_work", default=None)


@dataclass
class UnitOfWork:
    """Audit entries, events and jobs gathered by an action and by the actions it calls."""

    correlation_id: str
    entries: list[audit.Entry] = field(default_factory=list)
    events: list[Announcement] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    #: What nested actions share so that they see each other's unsaved changes, by any key.
    shared: dict[Any, Any] = field(default_factory=dict)
    #: How many actions are being executed inside each other.
    depth: int = 1
    _new: list[Model] = field(default_factory=list)
    _changed: list[Changed] = field(default_factory=list)

    def write(self, new: Iterable[Model] = (), changed: Iterable[Changed] = ()) -> None:
        """Write rows as ``rows.write`` does: with the audit at the end, or at once where others may read them before."""
        self.settle()
        self._new, self._changed = list(new), list(changed)
        if self.depth > 1:
            self.settle()

    def settle(self) -> None:
        """Write the rows that wait for the end."""
        new, self._new, changed, self._changed = self._new, [], self._changed, []
        write(new, changed)

    def later(self, task: Any, arguments: dict[str, Any], schedule_at: datetime | None = None) -> None:
        """Queue a job that is deferred when the transaction commits."""
        deferrer = task.configure(task_kwargs=arguments, schedule_at=schedule_at)
        self.jobs.append(deferrer.job)

    def flush(self) -> None:
        """Write everything gathered in one statement: rows, events, jobs, audit."""
        for event in self.events:
            for task in subscribers(event.type):
                self.later(task, {"event": event.envelope()})
        locked = [job for job in self.jobs if job.queueing_lock]
        jobs = [_job_row(job) for job in self.jobs if not job.queueing_lock]
        write([*self._new, *map(self._row, self.events), *jobs], self._changed, audit.steps(self.entries))
        if locked:
            app.job_manager.batch_defer_jobs(locked)

    def _row(self, event: Announcement) -> EventRecord:
        return EventRecord(
            id=event.id,
            type=event.type,
            subject=event.subject,
            time=event.time,
            data=event.data,
            correlation_id=self.correlation_id,
        )


def _job_row(job: Job) -> ProcrastinateJob:
    """Return a job as procrastinate itself inserts it; a trigger of its table wakes the workers."""
    return ProcrastinateJob(
        queue_name=job.queue,
        task_name=job.task_name,
        priority=job.priority,
        lock=job.lock,
        args=job.task_kwargs,
        status=Status.TODO.value,
        scheduled_at=job.scheduled_at,
        attempts=0,
        abort_requested=False,
    )


@contextmanager
def unit_of_work(correlation_id: str) -> Iterator[UnitOfWork]:
    """Open a transaction and its unit of work, or join the one already open in this context."""
    current = _current.get()
    if current is not None:
        current.settle()
        current.depth += 1
        try:
            with transaction.atomic(savepoint=False):
                yield current
        finally:
            current.depth -= 1
        return
    current = UnitOfWork(correlation_id)
    token = _current.set(current)
    try:
        with transaction.atomic(), audit.gathered(current.entries):
            yield current
            current.flush()
    finally:
        _current.reset(token)


def in_unit_of_work() -> bool:
    """Say whether an action is being executed in this context."""
    return _current.get() is not None
