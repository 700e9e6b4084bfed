"""Reads of notices for the systems that handed them in."""

from __future__ import annotations

from uuid import UUID

from shuzheng.engines.messaging.models import Delivery, Message, Notice
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound


def statuses(actor: Actor, key: str) -> list[tuple[Notice, list[Delivery], Message | None]]:
    """Return what became of each recipient's notice of an application: the deliveries and the message. Raises NotFound."""
    rows = list(
        Notice.objects.select_related("message", "delivery")
        .filter(application_id=actor.application_id, key=key)
        .order_by("number")
    )
    if not rows:
        raise NotFound
    by_message: dict[UUID, list[Delivery]] = {}
    for delivery in Delivery.objects.filter(message_id__in=[r.message_id for r in rows if r.message_id]).defer("text"):
        if delivery.message_id:
            by_message.setdefault(delivery.message_id, []).append(delivery)
    return [
        (
            row,
            [row.delivery] if row.delivery else by_message.get(row.message_id, []) if row.message_id else [],
            row.message,
        )
        for row in rows
    ]
