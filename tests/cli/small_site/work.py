"""Jobs of the small site; each leaves a row in ``effects``."""

from __future__ import annotations

import time

from django.db import connection, transaction
from procrastinate.contrib.django import app

TABLE = "create table if not exists effects (job text not null, what text not null)"


def leave(job: str, what: str) -> None:
    """Leave a row."""
    with connection.cursor() as cursor:
        cursor.execute("insert into effects values (%s, %s)", [job, what])


@app.task(name="small.work")
def work(job: str, seconds: float) -> None:
    """Take some time; the work's only effect is committed at its end."""
    leave(job, "begun")
    time.sleep(seconds)
    leave(job, "done")


@app.task(name="small.fall")
def fall(job: str) -> None:
    """Defer another job inside a transaction that is rolled back."""
    with transaction.atomic():
        work.defer(job=f"{job}, follow-up", seconds=0)
        leave(job, "done")
        raise ValueError("a job that fails takes back what it queued")
