"""Background work: clear away unfinished uploads, look again at files in quarantine. Each may run twice without harm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from django.db.models import QuerySet
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from shuzheng.engines.documents import contents
from shuzheng.engines.documents.actions import ClearUploads, DisposeFile, RescanFile
from shuzheng.engines.documents.archive.models import DestructionLine, LineVerdict
from shuzheng.engines.documents.credentials.actions import CompleteCredential, RemindExpiring
from shuzheng.engines.documents.credentials.models import Credential, CredentialState
from shuzheng.engines.documents.errors import ScannerDown
from shuzheng.engines.documents.models import FileRetention, ScanStatus, StoredFile
from shuzheng.engines.documents.policies import files_of
from shuzheng.engines.documents.seals.actions import ExpireSeals
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import today

#: Files looked at in one run; the next run goes on.
BATCH = 100
#: Batches of one night.
BATCHES = 200
#: Rows that may fail before a run gives up.
MOST_FAILURES = 20
AGAIN = RetryStrategy(max_attempts=10, exponential_wait=4)
log = structlog.get_logger()


@app.periodic(cron="17 * * * *")
@app.task(name="documents.clear_uploads", queue="documents", queueing_lock="documents.clear_uploads")
def clear_uploads(timestamp: int = 0) -> None:
    """Delete what nobody finished within a day, every hour."""
    ClearUploads.do(Actor.system("documents.clear_uploads"))


@app.periodic(cron="*/10 * * * *")
@app.task(name="documents.rescan", queue="documents", queueing_lock="documents.rescan")
def rescan(timestamp: int = 0) -> None:
    """Look again at files in quarantine, oldest first, every ten minutes, until the scanner stops answering."""
    waiting = StoredFile.objects.filter(scan_status=ScanStatus.QUARANTINED, bytes_gone_at=None).order_by("created_at")
    for pk in waiting.values_list("pk", flat=True)[:BATCH]:
        try:
            RescanFile.do(Actor.system("documents.rescan"), file_id=pk)
        except ScannerDown:
            log.warning("scanner_down")
            return
        except OSError:
            log.exception("rescan_left_out", file=str(pk))


@app.periodic(cron="10 3 * * *")
@app.task(name="documents.dispose_files", queue="documents", queueing_lock="documents.dispose_files", retry=AGAIN)
def dispose_files(timestamp: int = 0) -> None:
    """End the files whose time is over, every night, batch by batch; what a broken night left, the next one does."""
    actor = Actor.system("documents.dispose_files")
    due = FileRetention.objects.filter(look_on__lte=today(), held_at=None).order_by("look_on", "file_id")
    try:
        _each(due, lambda retention: DisposeFile.do(actor, file_id=retention.pk))
    finally:
        remove_bytes()


@app.task(name="documents.remove_bytes", queue="documents", retry=AGAIN)
def remove_bytes() -> None:
    """Remove the bytes that were given up and that no other file has; a storage that is down is tried again."""
    leaving = StoredFile.objects.filter(bytes_gone_at__isnull=False).exclude(storage_key="").order_by("bytes_gone_at")
    _each(leaving, _remove)


def _remove(file: StoredFile) -> None:
    contents.give_up(file.storage_key)
    StoredFile.objects.filter(pk=file.pk).update(storage_key="")


def _each(rows: QuerySet[Any], act: Callable[[Any], object]) -> None:
    """Do something with every row, batch by batch; one that fails stops no other, and fails the job at its end.

    After ``MOST_FAILURES`` it is not the rows that are at fault, and the rest waits. Raises the first failure.
    """
    failed: dict[UUID, Exception] = {}
    for _batch in range(BATCHES):
        found = list(rows.exclude(pk__in=list(failed))[:BATCH])
        for row in found:
            try:
                act(row)
            except Exception as problem:
                log.exception("documents_row_left_out", row=str(row.pk))
                failed[row.pk] = problem
                if len(failed) >= MOST_FAILURES:
                    raise
        if len(found) < BATCH:
            break
    for problem in failed.values():
        raise problem


@app.task(name="documents.dispose_of_matters", queue="documents", retry=AGAIN)
def dispose_of_matters(event: dict[str, str]) -> None:
    """End the files of the matters whose archives were destroyed; again, it finishes what is left."""
    lines = DestructionLine.objects.filter(list_id=event["subject"], verdict=LineVerdict.DESTROY)
    for matter in lines.values_list("package__subject", flat=True):
        for file in sorted(files_of(matter)):
            DisposeFile.do(Actor.system("documents.dispose_of_matters"), file_id=file)
    remove_bytes()


@app.periodic(cron="7 * * * *")
@app.task(name="documents.expire_seals", queue="documents", queueing_lock="documents.expire_seals")
def expire_seals(timestamp: int = 0) -> None:
    """Mark seals whose time is over, every hour."""
    ExpireSeals.do(Actor.system("documents.expire_seals"))


@app.periodic(cron="*/10 * * * *")
@app.task(name="documents.finish_credentials", queue="documents", queueing_lock="documents.finish_credentials")
def finish_credentials(timestamp: int = 0) -> None:
    """Try licences again that wait for their seal or for storage, oldest first, every ten minutes."""
    waiting = Credential.objects.filter(state=CredentialState.ISSUING).order_by("created_at")
    for pk in waiting.values_list("pk", flat=True)[:BATCH]:
        CompleteCredential.do(Actor.system("documents.finish_credentials"), credential_id=pk)


@app.task(name="documents.finish_after_seal", queue="documents")
def finish_after_seal(event: dict[str, object]) -> None:
    """Try them at once when a seal can be used again."""
    finish_credentials()


@app.periodic(cron="23 6 * * *")
@app.task(name="documents.remind_expiring", queue="documents", queueing_lock="documents.remind_expiring")
def remind_expiring(timestamp: int = 0) -> None:
    """Announce licences that will expire, every morning, until nothing is left to announce."""
    actor = Actor.system("documents.remind_expiring")
    done = RemindExpiring.do(actor)
    while done.after_id is not None:
        done = RemindExpiring.do(actor, after_day=done.after_day, after_id=done.after_id)
