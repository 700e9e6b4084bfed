"""Events that other systems may be told of, and how an event becomes a delivery."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid5

from shuzheng.engines.identity.models import Application, ApplicationCapability
from shuzheng.engines.messaging.models import Delivery, WebhookTarget
from shuzheng.kernel.event import Announcement
from shuzheng.kernel.id import new_id
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


def deliveries(event: dict[str, Any]) -> list[Delivery]:
    """Return the deliveries of an event to the targets that want it; their ids follow from both, so that none is doubled."""
    text = json.dumps(event, ensure_ascii=False)
    return [
        _delivery(target, uuid5(UUID(event["id"]), str(target.pk)), event["type"], text)
        for target in listening(event["type"])
    ]


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


def sample(target: WebhookTarget) -> Delivery:
    """Return a delivery of an event that nothing happened for."""
    event = Announcement(type=SAMPLE, subject=str(target.pk), data={"sample": True}).envelope()
    return _delivery(target, new_id(), SAMPLE, json.dumps(event, ensure_ascii=False))


def _delivery(target: WebhookTarget, id: UUID, title: str, text: str) -> Delivery:
    return Delivery(id=id, channel="webhook", to=str(target.pk), title=title, text=text, due_at=now())
