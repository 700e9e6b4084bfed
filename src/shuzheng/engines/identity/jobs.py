"""Background work of identity."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shuzheng.engines.identity import failures
from shuzheng.engines.identity.models import AccountSession
from shuzheng.kernel.moment import now


@app.periodic(cron="17 3 * * *")
@app.task(name="identity.sweep", queue="maintenance")
def sweep(timestamp: int) -> None:
    """Delete sessions that have ended and failed sign-ins of earlier days; doing it twice changes nothing."""
    AccountSession.objects.filter(expire_date__lt=now()).delete()
    failures.sweep()
