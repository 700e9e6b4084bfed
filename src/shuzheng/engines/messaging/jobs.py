"""Background work: hand notices over, try again, fetch receipts, send bulks, let periods end. All may run twice:

what is due is claimed under a lock, every outcome is noted once, and a batch moves its cursor in its own transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from procrastinate.contrib.django import app

from shuzheng.engines.messaging import operators
from shuzheng.engines.messaging.actions import (
    ClaimDeliveries,
    DeemServed,
    QueueWebhooks,
    RecordOutcomes,
    RecordReceipts,
    SendBatch,
)
from shuzheng.engines.messaging.actions.deliveries import Claimed
from shuzheng.engines.messaging.gateways import Notice, gateway
from shuzheng.engines.messaging.gateways.base import Receipt
from shuzheng.engines.messaging.gateways.sms import SmsProvider, providers
from shuzheng.engines.messaging.models import Bulk, Delivery
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now

#: Deliveries of one batch, batches of one run; the next run goes on.
BATCH, BATCHES = 200, 50
#: Its own queue, so that a provider that hangs holds up nothing else.
DELIVERIES, RETRIES, BULKS = "deliveries", "retries", "bulk"
#: A bulk that has not moved for so long has lost its worker, or waits for its time.
STANDSTILL = timedelta(minutes=2)
SYSTEM = Actor.system("messaging")


@app.task(name="messaging.deliver", queue=DELIVERIES)
def deliver(event: dict[str, Any]) -> None:
    """Send the notices of one message; run twice, it sends only what is still pending."""
    hand_over(BATCH, message_id=UUID(event["subject"]), again=False)


@app.task(name="messaging.deliver_due", queue=DELIVERIES)
def deliver_due(event: dict[str, Any]) -> None:
    """Send what is due after something was queued; run twice, it finds nothing left."""
    drain(again=False)


@app.periodic(cron="* * * * *")
@app.task(name="messaging.redeliver", queue=DELIVERIES, queueing_lock="messaging.redeliver")
def redeliver(timestamp: int = 0) -> None:
    """Send for the first time what is due every minute: scheduled, held over night, or over a budget before."""
    drain(again=False)


@app.periodic(cron="* * * * *")
@app.task(name="messaging.try_again", queue=RETRIES, queueing_lock="messaging.try_again")
def try_again(timestamp: int = 0) -> None:
    """Send what failed before, or was left behind by a dead worker; its own queue keeps it out of the way of the rest."""
    drain(again=True)


@app.task(name="messaging.retry_now", queue=RETRIES)
def retry_now(event: dict[str, Any]) -> None:
    """Send again what an officer asked for; run twice, it finds nothing left."""
    drain(again=True)


@app.task(name="messaging.tell_operators", queue="messaging")
def tell_operators(event: dict[str, Any]) -> None:
    """Tell of a budget that runs out; the message's topic lets nobody be told twice."""
    operators.tell_of_budget(event)


@app.periodic(cron="* * * * *")
@app.task(name="messaging.collect_receipts", queue=DELIVERIES, queueing_lock="messaging.collect_receipts")
def collect_receipts(timestamp: int = 0) -> None:
    """Fetch the receipts that wait at providers; a receipt that comes twice changes nothing."""
    for provider in providers():
        collect(provider)


@app.task(name="messaging.send_bulk", queue=BULKS)
def send_bulk(event: dict[str, Any]) -> None:
    """Send the next batch of a bulk and queue the one after; a run that is repeated goes on where the cursor stands."""
    done = SendBatch.do(SYSTEM, bulk_id=event["subject"])
    if done.more:
        send_bulk.defer(event=event)
    if done.deliveries:
        deliver_due.defer(event=event)


@app.periodic(cron="* * * * *")
@app.task(name="messaging.continue_bulks", queue=BULKS, queueing_lock="messaging.continue_bulks")
def continue_bulks(timestamp: int = 0) -> None:
    """Start bulks whose time has come, and those whose worker died; two workers on one bulk take turns, none repeats."""
    still = Q(moved_at=None) | Q(moved_at__lt=now() - STANDSTILL)
    for id in Bulk.objects.filter(still, status=Bulk.Status.RUNNING).values_list("pk", flat=True)[:BATCHES]:
        send_bulk({"subject": str(id)})


@app.periodic(cron="5 * * * *")
@app.task(name="messaging.deem_served", queue="messaging", queueing_lock="messaging.deem_served")
def deem_served(timestamp: int = 0) -> None:
    """Let public notices whose thirty days have passed count as service; run twice, it finds none left."""
    while DeemServed.do(SYSTEM).count:
        pass


@app.task(name="messaging.tell_systems", queue="messaging")
def tell_systems(event: dict[str, Any]) -> None:
    """Queue an event for the systems that want it; repeated, the delivery's key lets none be told twice."""
    if QueueWebhooks.do(SYSTEM, event=event).count:
        drain()


def drain(*, again: bool | None = None) -> int:
    """Send what is due, tried before or not, a batch at a time, and return how many were handed over."""
    total = 0
    for _batch in range(BATCHES):
        done = hand_over(BATCH, again=again)
        total += len(done.ids)
        if done.found < BATCH:  # a batch of nothing but what waits for tomorrow is no end: others may come behind it
            break
    return total


def hand_over(limit: int, message_id: UUID | None = None, *, again: bool | None = None) -> Claimed:
    """Claim, send outside of any transaction, and note the outcomes; return what was claimed."""
    claimed = ClaimDeliveries.do(SYSTEM, limit=limit, message_id=message_id, again=again)
    by_channel: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in Delivery.objects.filter(pk__in=claimed.ids).order_by("pk"):
        by_channel[delivery.channel].append(delivery)
    for channel, deliveries in by_channel.items():
        notices = [Notice(d.pk, d.to, d.title, d.wording) for d in deliveries]
        outcomes = gateway(channel).send(notices)
        RecordOutcomes.do(
            SYSTEM,
            outcomes=[
                {"delivery_id": notice.id, **vars(outcome)} for notice, outcome in zip(notices, outcomes, strict=True)
            ],
        )
    return claimed


def collect(provider: SmsProvider) -> int:
    """Fetch and record the receipts that wait at a provider."""

    def record(receipts: Sequence[Receipt]) -> list[bool]:
        return RecordReceipts.do(
            SYSTEM, provider=provider.name, receipts=[vars(receipt) for receipt in receipts[:1000]]
        ).known + [False] * max(0, len(receipts) - 1000)

    return provider.collect(record)
