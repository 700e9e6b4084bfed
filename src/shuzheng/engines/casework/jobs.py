"""Background work: cards, calendar changes, popularity, telling people. Each may be run twice without harm."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from shuzheng.engines.casework import archiving, licences, telling
from shuzheng.engines.casework.actions.notices import GiveNotices, RecomputeClocks
from shuzheng.engines.casework.actions.paying import RecordPayment
from shuzheng.engines.casework.errors import ActNotOffered, NotPaidYet, WrongState
from shuzheng.engines.casework.models import Case, ServiceItem
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.moment import now

#: Batches per run; the next minute goes on.
BATCHES = 50
#: A case that could not be archived (no room, no fonts) is tried again for some days.
AGAIN = RetryStrategy(max_attempts=10, exponential_wait=4)
#: Span over which popularity is counted.
YEAR = timedelta(days=365)


@app.periodic(cron="* * * * *")
@app.task(name="casework.give_notices", queue="casework", queueing_lock="casework.give_notices")
def give_notices(timestamp: int = 0) -> None:
    """Turn cards every minute; whatever a missed run left is caught up, and nothing is told twice."""
    for _batch in range(BATCHES):
        if GiveNotices.do(Actor.system("casework.give_notices")).count == 0:
            return


@app.task(name="casework.recompute_clocks", queue="casework", lock="casework.recompute_clocks")
def recompute_clocks(event: dict[str, Any], after: str | None = None) -> None:
    """Compute open clocks again after a calendar changed, a batch a job; a second run finds nothing moved."""
    data = event["data"]
    if not data["days"]:
        return
    actor = Actor.system("casework.recompute_clocks")
    done = RecomputeClocks.do(actor, division=data["division"], days=data["days"], after=UUID(after) if after else None)
    if done.after is not None:
        recompute_clocks.defer(event=event, after=str(done.after))


@app.periodic(cron="10 2 * * *")
@app.task(name="casework.renew_popularity", queue="casework", queueing_lock="casework.renew_popularity")
def renew_popularity(timestamp: int = 0) -> None:
    """Count last year's applications of every item, every night."""
    recent = Case.objects.filter(item_code=OuterRef("code"), filed_at__gte=now() - YEAR).order_by()
    count = recent.values("item_code").annotate(count=Count("pk")).values("count")
    ServiceItem.objects.update(popularity=Coalesce(Subquery(count), 0))


@app.task(name="casework.record_payment", queue="casework")
def record_payment(event: dict[str, Any]) -> None:
    """Let a case go on whose bill was paid or waived; a second run finds the step done, or the next bill still open."""
    case_id = event["data"].get("case_id")
    if case_id:
        with suppress(ActNotOffered, NotPaidYet, WrongState, NotFound):
            RecordPayment.do(Actor.system("casework.record_payment"), case_id=UUID(case_id))


@app.task(name="casework.tell_applicant", queue="messages")
def tell_applicant(event: dict[str, Any]) -> None:
    """Tell applicant and operator of a case's event; the message's key lets nobody be told twice."""
    telling.tell_applicant(event)


@app.task(name="casework.tell_officers", queue="messages")
def tell_officers(event: dict[str, Any]) -> None:
    """Tell those who hold a case's open tasks that a card turned; nobody is told twice."""
    telling.tell_officers(event)


@app.task(name="casework.archive_case", queue="documents", retry=AGAIN)
def archive_case(event: dict[str, Any]) -> None:
    """Archive a case that has ended; the same revision twice gives one package."""
    archiving.archive(UUID(event["subject"]))


@app.task(name="casework.recall_archive", queue="documents", retry=AGAIN)
def recall_archive(event: dict[str, Any]) -> None:
    """Let nothing of a reopened case fall due; once more, and nothing changes."""
    archiving.recall(UUID(event["subject"]))


@app.task(name="casework.note_service", queue="casework")
def note_service(event: dict[str, Any]) -> None:
    """Note on a case when its document was served; the event's key lets it be noted once."""
    if event["data"]["case_id"]:
        telling.note_service(event)


@app.task(name="casework.tell_holder", queue="messages")
def tell_holder(event: dict[str, Any]) -> None:
    """Tell the holder of a licence what happened to it."""
    licences.tell_holder(event)
