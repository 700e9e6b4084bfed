"""Background work: clear away unfinished uploads, look again at files in quarantine. Each may run twice without harm."""

from __future__ import annotations

import structlog
from procrastinate.contrib.django import app

from shuzheng.engines.documents.actions import ClearUploads, RescanFile
from shuzheng.engines.documents.credentials.actions import CompleteCredential, RemindExpiring
from shuzheng.engines.documents.credentials.models import Credential, CredentialState
from shuzheng.engines.documents.errors import ScannerDown
from shuzheng.engines.documents.models import ScanStatus, StoredFile
from shuzheng.engines.documents.seals.actions import ExpireSeals
from shuzheng.kernel.actor import Actor

#: Files looked at in one run; the next run goes on.
BATCH = 100
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
    waiting = StoredFile.objects.filter(scan_status=ScanStatus.QUARANTINED).order_by("created_at")
    for pk in waiting.values_list("pk", flat=True)[:BATCH]:
        try:
            RescanFile.do(Actor.system("documents.rescan"), file_id=pk)
        except ScannerDown:
            log.warning("scanner_down")
            return


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
