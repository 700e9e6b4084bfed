"""Background work: writing, publishing and checking the ledger; encrypting anew. Each may be run twice without harm."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any, cast

import structlog
from django.apps import apps
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app

from shuzheng.engines.trust import ledger, rotation
from shuzheng.engines.trust.ledger import cosigning
from shuzheng.engines.trust.ledger.publishing import LedgerForked, publish
from shuzheng.engines.trust.ledger.verification import verify_ledger
from shuzheng.engines.trust.models import TreeHead
from shuzheng.kernel.moment import now, today
from shuzheng.kernel.worker import pause

#: Seconds between two looks of the writer.
PAUSE = 0.5
#: How far the daily check goes back.
DAY = timedelta(days=1)
#: Months made ahead.
MONTHS_AHEAD = 3
log = structlog.get_logger()


class LedgerBroken(Exception):
    """The daily check found the ledger tampered with; the job stays failed until somebody has looked."""


@app.periodic(cron="* * * * * */10")
@app.task(name="trust.sequence", queue="trust", queueing_lock="trust.sequence")
def sequence(timestamp: int = 0, seconds: float | None = None) -> None:
    """Write the ledger twice a second for about ten, until the next run; whatever a missed run left is caught up.

    A failing store of tiles holds the ledger itself up as little as it may: writing goes on, and the run ends as failed so
    that somebody looks. Raises LedgerForked, OSError.
    """
    until = time.monotonic() + (settings.SHUZHENG_LEDGER_RUN if seconds is None else seconds)
    trouble = _write()
    while time.monotonic() + PAUSE < until and not pause(PAUSE):
        trouble = _write(silent=trouble is not None) or trouble
    if trouble is not None:
        raise trouble


def _write(*, silent: bool = False) -> LedgerForked | OSError | None:
    """Sequence and publish; return what kept the files from being written, and log it unless it was logged before."""
    ledger.sequence()
    try:
        publish()
    except (LedgerForked, OSError) as error:
        if not silent:
            log.exception("ledger_not_published")
        return error
    return None


@app.periodic(cron="* * * * * */20")
@app.task(name="trust.collect_cosignatures", queue="trust", queueing_lock="trust.collect_cosignatures")
def collect_cosignatures(timestamp: int = 0) -> None:
    """Have the newest head cosigned by the witnesses in use."""
    cosigning.collect()


@app.periodic(cron="30 3 * * *")
@app.task(name="trust.check_ledger", queue="trust", queueing_lock="trust.check_ledger")
def check_ledger(timestamp: int = 0) -> None:
    """Verify the last day of the ledger every night. Raises LedgerBroken."""
    earlier = TreeHead.objects.filter(at__lt=now() - DAY).order_by("-size").values_list("size", flat=True).first()
    report = verify_ledger(earlier or 0)
    if report.finding is not None:
        log.error("ledger_broken", **report.finding.model_dump())
        raise LedgerBroken(report.finding.message)


@app.periodic(cron="15 2 1 * *")
@app.task(name="trust.add_audit_months", queue="trust", queueing_lock="trust.add_audit_months")
def add_audit_months(timestamp: int = 0) -> None:
    """Make the partitions of the coming months."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT trust_add_audit_month((%s::date + n * interval '1 month')::date) FROM generate_series(0, %s) AS n",
            [today(), MONTHS_AHEAD],
        )


@app.task(name="trust.reencrypt", queue="trust")
def reencrypt(model: str) -> None:
    """Encrypt a model's fields with the current key."""
    changed = rotation.reencrypt(cast(Any, apps.get_model(model)))
    log.info("reencrypted", model=model, rows=changed)
