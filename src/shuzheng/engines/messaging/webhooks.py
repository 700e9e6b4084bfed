"""Events that other systems may be told of, and how an event becomes a delivery."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid5

from shuzheng.engines.identity.models import Application, ApplicationCapability
from shuzheng.engines.messaging.models import Delivery, WebhookDelivery, WebhookTarget
from shuzheng.kernel.event import Announcement
from shuzheng.kernel.moment import now, today

#: Types that a target may ask for; none carries personal data.
EVENTS = (
    "messaging.served",
    "messaging.bulk_finished",
    "messaging.delivery_failed",
    "messaging.provider_down",
)
#: What an application needs to be told of events, and the type of the event that it is tried with.
CAPABILITY, SAMPLE = "events", "messaging.sample"


def queue(event: dict[str, Any]) -> int:
    """Queue an event for the targets that want it and return how many; ids follow from both, so that none is doubled."""
    text = json.dumps(event, ensure_ascii=False)
    told = {uuid5(UUID(event["id"]), str(target.pk)): target for target in listening(event["type"])}
    _store(told, event["type"], text)
    return len(told)


def listening(type: str) -> list[WebhookTarget]:
    """Return the targets that are told of a type of event: of applications that are online and may receive it today."""
    granted = ApplicationCapability.objects.filter(
        capability=CAPABILITY,
        things__contains=[type],
        approved_at__isnull=False,
        withdrawn_at=None,
        valid_from__lte=today(),
        valid_to__gte=today(),
        application__state=Application.State.ONLINE,
    )
    rows = WebhookTarget.objects.filter(active=True, events__contains=[type])
    return list(rows.filter(application_id__in=granted.values("application_id")))


def sample(target: WebhookTarget) -> tuple[UUID, str]:
    """Return id and text of an event that nothing happened for."""
    event = Announcement(type=SAMPLE, subject=str(target.pk), data={"sample": True}).envelope()
    return UUID(event["id"]), json.dumps(event, ensure_ascii=False)


def queue_sample(target: WebhookTarget) -> UUID:
    """Queue such an event for one target and return the delivery's id."""
    id, text = sample(target)
    _store({id: target}, SAMPLE, text)
    return id


def recent(target: WebhookTarget, most: int = 20) -> list[Delivery]:
    """Return the latest deliveries to a target, the newest first."""
    rows = WebhookDelivery.objects.filter(target=target).select_related("delivery").order_by("-at", "-delivery_id")
    return [row.delivery for row in rows[:most]]


def _store(told: dict[UUID, WebhookTarget], title: str, text: str) -> None:
    due = now()
    Delivery.objects.bulk_create(
        [
            Delivery(id=id, channel="webhook", to=str(target.pk), title=title, text=text, due_at=due)
            for id, target in told.items()
        ],
        ignore_conflicts=True,
    )
    rows = [WebhookDelivery(delivery_id=id, target=target, at=due) for id, target in told.items()]
    WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
