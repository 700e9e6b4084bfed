"""Background work: sealing, signing and checking the audit; encrypting anew. Each may be run twice without harm."""

from __future__ import annotations

from typing import Any, cast

import structlog
from django.apps import apps
from django.db import connection
from procrastinate.contrib.django import app

from shuzheng.engines.trust import rotation
from shuzheng.engines.trust.models import ChainCheckpoint
from shuzheng.engines.trust.sealing import add_checkpoint, seal_pending
from shuzheng.engines.trust.verification import verify_chain
from shuzheng.kernel.moment import today

#: Batches per run, so that a backlog does not keep a worker for long; the next run goes on.
SEAL_BATCHES = 20
#: Checkpoints that the daily check goes back.
CHECKPOINTS_BACK = 300
#: Months made ahead.
MONTHS_AHEAD = 3
log = structlog.get_logger()


class ChainBroken(Exception):
    """The daily check found the audit tampered with; the job stays failed until somebody has looked."""


@app.periodic(cron="* * * * * */10")
@app.task(name="trust.seal_audit", queue="trust", queueing_lock="trust.seal_audit")
def seal_audit(timestamp: int = 0) -> None:
    """Seal what was committed since, every ten seconds; whatever a missed run left is caught up."""
    seal_pending(SEAL_BATCHES)


@app.periodic(cron="*/5 * * * *")
@app.task(name="trust.sign_audit", queue="trust", queueing_lock="trust.sign_audit")
def sign_audit(timestamp: int = 0) -> None:
    """Sign the chain's head every five minutes."""
    add_checkpoint()


@app.periodic(cron="30 3 * * *")
@app.task(name="trust.check_audit", queue="trust", queueing_lock="trust.check_audit")
def check_audit(timestamp: int = 0) -> None:
    """Verify about the last day of the chain every night. Raises ChainBroken."""
    earlier = ChainCheckpoint.objects.order_by("-sequence_no").values_list("sequence_no", flat=True)
    report = verify_chain((earlier[CHECKPOINTS_BACK : CHECKPOINTS_BACK + 1].first() or 0) + 1)
    if report.finding is not None:
        log.error("audit_chain_broken", **report.finding.model_dump())
        raise ChainBroken(report.finding.message)


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
