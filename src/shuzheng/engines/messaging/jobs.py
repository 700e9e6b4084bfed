"""Background work: tell people outside their inbox, and try again where a channel was down."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app

from shuzheng.engines.messaging.actions import RecordDelivery
from shuzheng.engines.messaging.errors import ChannelDown
from shuzheng.engines.messaging.gateways import gateway
from shuzheng.engines.messaging.models import Delivery
from shuzheng.engines.messaging.models.delivery import DeliveryStatus
from shuzheng.engines.messaging.templates import find
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.moment import now

#: Deliveries tried in one run; the next run goes on.
BATCH = 200
PENDING = Delivery.objects.select_related("message", "address").filter(status=DeliveryStatus.PENDING)


@app.task(name="messaging.deliver", queue="messaging")
def deliver(event: dict[str, Any]) -> None:
    """Send the notices of one message; run twice, it sends only what is still pending."""
    for delivery in PENDING.filter(message_id=event["subject"]):
        send(delivery)


@app.periodic(cron="*/5 * * * *")
@app.task(name="messaging.redeliver", queue="messaging", queueing_lock="messaging.redeliver")
def redeliver(timestamp: int = 0) -> None:
    """Try again what is due, oldest first; also what a worker that died left behind."""
    for delivery in PENDING.filter(due_at__lte=now()).order_by("due_at")[:BATCH]:
        send(delivery)


def send(delivery: Delivery) -> None:
    """Hand one notice to its channel and note the outcome."""
    try:
        gateway(delivery.channel).send(delivery.address.address, _title(delivery), delivery.text)
        sent = True
    except ChannelDown:
        sent = False
    RecordDelivery.do(Actor.system("messaging"), delivery_id=delivery.pk, sent=sent)


def _title(delivery: Delivery) -> str:
    """Return the template's title, which unlike the message's subject holds no personal data."""
    try:
        return find(delivery.message.template).title
    except NotFound:
        return delivery.text[:40]
