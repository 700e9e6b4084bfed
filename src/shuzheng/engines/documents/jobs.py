"""Background work: clear away unfinished uploads, look again at files in quarantine. Each may run twice without harm."""

from __future__ import annotations

import structlog
from procrastinate.contrib.django import app

from shuzheng.engines.documents.actions import ClearUploads, RescanFile
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
