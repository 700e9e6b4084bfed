"""Housekeeping of the job queue itself; a second time it finds nothing left to do."""

from __future__ import annotations

import structlog
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from shuzheng.kernel.moment import now
from shuzheng.kernel.worker import SILENCE

#: A job that has cost this many workers their life is not given to another.
MOST_ATTEMPTS = 5
KEEP_FINISHED_HOURS = 7 * 24
log = structlog.get_logger()


@app.periodic(cron="* * * * *")
@app.task(name="kernel.retry_stalled", queueing_lock="kernel.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int, silence: float = SILENCE) -> int:
    """Queue the jobs of dead workers again and return how many.

    A worker counts as dead after ``silence`` seconds without a sign of life. Jobs are idempotent, so one that had
    finished its work but not reported it does no harm the second time.
    """
    manager = context.app.job_manager
    stalled = [job for job in await manager.get_stalled_jobs(seconds_since_heartbeat=silence) if job.id]
    for job in stalled:
        if job.attempts >= MOST_ATTEMPTS:
            log.error("job_given_up", job=job.id, task=job.task_name, attempts=job.attempts)
            await manager.finish_job(job=job, status=Status.FAILED, delete_job=False)
        else:
            log.warning("job_retried", job=job.id, task=job.task_name, attempts=job.attempts)
            await manager.retry_job(job=job, retry_at=now())
    return len(stalled)


@app.periodic(cron="17 3 * * *")
@app.task(name="kernel.forget_finished_jobs", queueing_lock="kernel.forget_finished_jobs", pass_context=True)
async def forget_finished_jobs(context: JobContext, timestamp: int) -> None:
    """Delete jobs that succeeded over a week ago; failed ones stay until somebody has looked at them."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_FINISHED_HOURS)
