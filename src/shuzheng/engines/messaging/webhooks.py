"""Events that other systems may be told of, and how an event becomes a delivery."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid5

from shuzheng.engines.messaging.models import Delivery, WebhookTarget

#: Types that a target may ask for; none carries personal data.
EVENTS = (
    "messaging.served",
    "messaging.bulk_finished",
    "messaging.delivery_failed",
    "messaging.provider_down",
)


def deliveries(event: dict[str, Any]) -> list[Delivery]:
    """Return the deliveries of an event to the targets that want it; their ids follow from both, so that none is doubled."""
    targets = WebhookTarget.objects.filter(active=True, events__contains=[event["type"]])
    text = json.dumps(event, ensure_ascii=False)
    return [
        Delivery(
            id=uuid5(UUID(event["id"]), str(target.pk)),
            channel="webhook",
            to=str(target.pk),
            title=event["type"],
            text=text,
        )
        for target in targets
    ]
