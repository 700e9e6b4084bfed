"""Background work: cards, calendar changes, popularity, telling people. Each may be run twice without harm."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from shuzheng.engines.casework import archiving, file_endings, file_locks, licences, telling
from shuzheng.engines.casework.actions.notices import GiveNotices, RecomputeClocks
from shuzheng.engines.casework.actions.paying import RecordPayment
from shuzheng.engines.casework.errors import ActNotOffered, NotPaidYet, WrongState
from shuzheng.engines.casework.letters import giving
from shuzheng.engines.casework.letters import telling as letter_telling
from shuzheng.engines.casework.models import Case, ServiceItem
from shuzheng.engines.casework.weighing import Weight, weigh
from shuzheng.engines.vocabulary.actions import WeighCalendar
from shuzheng.engines.vocabulary.errors import ProposalSettled
from shuzheng.engines.vocabulary.models import CalendarProposal
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.moment import now

#: Batches per run; the next minute goes on.
BATCHES = 50
#: What could not be done (no room, no fonts, a database that restarts) is tried again for some days.
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


@app.task(name="casework.weigh_calendar", queue="casework", lock="casework.weigh_calendar", retry=AGAIN)
def weigh_calendar(event: dict[str, Any], so_far: dict[str, Any] | None = None) -> None:
    """Count the due dates that a proposed change of the calendar would move, a batch a job; a proposal settled meanwhile ends it."""
    proposal = CalendarProposal.objects.filter(pk=event["subject"], state=CalendarProposal.State.PROPOSED).first()
    if proposal is None:
        return
    known = {**so_far, "after": UUID(so_far["after"])} if so_far else {}
    days = [date.fromisoformat(day) for day in event["data"]["days"]]
    weight = weigh(proposal, days, Weight(**known))
    counts = {"seen": weight.seen, "earlier": weight.earlier, "later": weight.later}
    with suppress(ProposalSettled):
        platform = Actor.system("casework.weigh_calendar")
        WeighCalendar.do(platform, {"proposal_id": proposal.pk, "done": weight.after is None, **counts})
    if weight.after is not None:
        weigh_calendar.defer(event=event, so_far={**counts, "after": str(weight.after)})


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


@app.task(name="casework.tell_lock_holder", queue="messages")
def tell_lock_holder(event: dict[str, Any]) -> None:
    """Tell whoever held a lock on a file that it was taken away."""
    file_locks.tell_holder(event)


@app.task(name="casework.tell_file_owner", queue="messages")
def tell_file_owner(event: dict[str, Any]) -> None:
    """Tell the owner of a file that its time is over and its content gone; nobody is told twice."""
    file_endings.tell_owner(event)


@app.task(name="casework.tell_holder", queue="messages")
def tell_holder(event: dict[str, Any]) -> None:
    """Tell the holder of a licence what happened to it."""
    licences.tell_holder(event)


@app.task(name="casework.give_letter", queue="documents", retry=AGAIN)
def give_letter(event: dict[str, Any]) -> None:
    """Give the letter of an act; the same event gives one letter, however often this is run or killed."""
    giving.give(event)


@app.task(name="casework.serve_letter", queue="documents", retry=AGAIN)
def serve_letter(event: dict[str, Any]) -> None:
    """Begin the service of a letter that was issued, and archive it with a case that has ended; twice is once."""
    giving.serve(event)
    archiving.archive(UUID(event["data"]["case_id"]))


@app.task(name="casework.note_letter_served", queue="documents", retry=AGAIN)
def note_letter_served(event: dict[str, Any]) -> None:
    """Note the day of service on the letter and give the return of service; twice is once."""
    giving.served(event)


@app.task(name="casework.tell_of_letter", queue="messages")
def tell_of_letter(event: dict[str, Any]) -> None:
    """Tell whoever a letter waits for: seal holders, handlers, or those who serve it next; nobody is told twice."""
    if event["type"] == "casework.letter_unsealed":
        letter_telling.tell_of_unsealed(event)
    elif event["type"] == "messaging.service_failed":
        letter_telling.tell_next_way(UUID(event["subject"]), f"service-next:{event['id']}")
    else:
        letter_telling.tell_of_failed(event)


@app.periodic(cron="*/10 * * * *")
@app.task(name="casework.finish_letters", queue="documents", queueing_lock="casework.finish_letters")
def finish_letters(timestamp: int = 0) -> None:
    """Try letters again that wait for storage or for a seal that is there now, every ten minutes."""
    giving.finish_waiting()


@app.task(name="casework.finish_letters_after_seal", queue="documents")
def finish_letters_after_seal(event: dict[str, Any]) -> None:
    """Try them at once when a seal can be used again."""
    giving.finish_waiting()
