"""Background work of identity."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from shuzheng.engines.identity import failures
from shuzheng.engines.identity.applications.actions import RemindOfExpiry
from shuzheng.engines.identity.models import AccountSession, ApplicationCall
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now

#: How long calls of applications are kept; their time stamps are refused after minutes.
CALLS_KEPT = timedelta(days=7)


@app.periodic(cron="17 3 * * *")
@app.task(name="identity.sweep", queue="maintenance")
def sweep(timestamp: int) -> None:
    """Delete sessions that have ended, failed sign-ins and old calls; doing it twice changes nothing."""
    ApplicationCall.objects.filter(at__lt=now() - CALLS_KEPT).delete()
    AccountSession.objects.filter(expire_date__lt=now()).delete()
    failures.sweep()


@app.periodic(cron="7 8 * * *")
@app.task(name="identity.remind_of_expiry", queue="maintenance", queueing_lock="identity.remind_of_expiry")
def remind_of_expiry(timestamp: int = 0) -> None:
    """Announce keys of applications that end soon; each step is announced once, however often this runs."""
    RemindOfExpiry.do(Actor.system("identity"))
