"""The archive's nightly work: read, copy, announce, sweep, destroy what was ordered. Each may run twice without harm."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from shuzheng.engines.documents.archive.actions import (
    AnnounceDue,
    BackUpArchive,
    CarryOutDestruction,
    CheckFixity,
    SweepVault,
)
from shuzheng.kernel.actor import Actor

#: Batches per run; the next run goes on where this one stopped.
BATCHES = 200
AGAIN = RetryStrategy(max_attempts=10, exponential_wait=4)
log = structlog.get_logger()


@app.periodic(cron="23 * * * *")
@app.task(name="documents.read_archive_again", queue="documents", queueing_lock="documents.read_archive_again")
def read_archive_again(timestamp: int = 0) -> None:
    """Read what has not been read for a quarter of a year, every hour, until it has caught up."""
    for _batch in range(BATCHES):
        if CheckFixity.do(Actor.system("documents.read_archive_again")).packages == 0:
            return


@app.periodic(cron="41 * * * *")
@app.task(name="documents.copy_archive", queue="documents", queueing_lock="documents.copy_archive")
def copy_archive(timestamp: int = 0) -> None:
    """Copy what has no copy yet, every hour, where a second storage is set."""
    if not settings.ARCHIVE_BACKUP:
        return
    for _batch in range(BATCHES):
        done = BackUpArchive.do(Actor.system("documents.copy_archive"))
        if done.copied == 0 and done.verified == 0:
            return


@app.periodic(cron="20 4 * * *")
@app.task(name="documents.announce_due", queue="documents", queueing_lock="documents.announce_due")
def announce_due(timestamp: int = 0) -> None:
    """Announce what fell due, every morning; whatever a missed day left is caught up, and nothing is announced twice."""
    for _batch in range(BATCHES):
        if AnnounceDue.do(Actor.system("documents.announce_due")).count == 0:
            return


@app.periodic(cron="50 4 * * *")
@app.task(name="documents.sweep_archive", queue="documents", queueing_lock="documents.sweep_archive")
def sweep_archive(timestamp: int = 0) -> None:
    """Remove bytes without a record, every night."""
    SweepVault.do(Actor.system("documents.sweep_archive"))


@app.task(name="documents.destroy_ordered", queue="documents", retry=AGAIN)
def destroy_ordered(event: dict[str, Any]) -> None:
    """Carry out an order of destruction; again, it finishes what is left."""
    CarryOutDestruction.do(Actor.system("documents.destroy_ordered"), list_id=UUID(event["subject"]))


@app.task(name="documents.raise_alarm", queue="documents")
def raise_alarm(event: dict[str, Any]) -> None:
    """Write a damaged package into the log, where monitoring sees it; twice says the same."""
    log.error("archive_damaged", package=event["subject"], **event["data"])
