"""Who is told where beside the inbox: addresses, choices, quiet hours and language, for any number of people at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import connection

from shuzheng.engines.messaging.categories import category
from shuzheng.engines.messaging.definitions import MessageTemplate
from shuzheng.engines.messaging.models import Delivery, Message
from shuzheng.engines.messaging.models.preference import QUIET_FROM, QUIET_UNTIL
from shuzheng.engines.messaging.quiet import allowed_from
from shuzheng.engines.trust.fields import Sealed
from shuzheng.engines.vocabulary.queries.calendar import work_calendar

_ADDRESSES = """
    SELECT a.owner, a.channel, a.address, coalesce(p.wanted, %(default)s),
           coalesce(q.starts, %(starts)s), coalesce(q.ends, %(ends)s), coalesce(q.kept, true),
           coalesce(q.days_off, false)
    FROM messaging_contactaddress a
    LEFT JOIN messaging_preference p ON p.owner = a.owner AND p.category = %(category)s AND p.channel = a.channel
    LEFT JOIN messaging_quiethours q ON q.owner = a.owner
    WHERE a.owner = ANY(%(owners)s) AND a.channel = ANY(%(channels)s)
"""


@dataclass(frozen=True)
class Address:
    """One address of somebody who wants to be told there."""

    channel: str
    sealed: Sealed
    #: Quiet from and until; ``None`` for somebody who may be disturbed at any hour.
    quiet: tuple[time, time] | None
    #: Whether days off are quiet from morning to night.
    days_off: bool = False


def addresses(owners: Iterable[UUID], template: MessageTemplate) -> dict[UUID, list[Address]]:
    """Return where people want to be told of a template's category, in one statement; none for those who do not."""
    about = category(template.category)
    given = {
        "owners": list(owners),
        "channels": [channel for channel in template.channels if channel != "todo"],
        "category": template.category,
        "default": not about.opt_in,
        "starts": QUIET_FROM,
        "ends": QUIET_UNTIL,
    }
    found: dict[UUID, list[Address]] = defaultdict(list)
    if not given["owners"] or not given["channels"]:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_ADDRESSES, given)
        for owner, channel, sealed, wanted, starts, ends, kept, days_off in cursor.fetchall():
            if wanted or about.compulsory:
                found[owner].append(Address(channel, Sealed(sealed), (starts, ends) if kept else None, days_off))
    return found


def deliveries(
    messages: Sequence[Message], notices: Sequence[str], template: MessageTemplate, title: str
) -> list[Delivery]:
    """Return the deliveries by which people are told of their messages, due when they may be disturbed; not yet stored."""
    reached = addresses((owner for message in messages if (owner := message.owner)), template)
    return [
        Delivery(
            message_id=message.pk,
            channel=address.channel,
            to=address.sealed,
            title=title,
            text=notice,
            department=message.department,
            bulk_id=message.bulk_id,
            due_at=_due(message.created_at, address, urgent=template.urgent),
        )
        for message, notice in zip(messages, notices, strict=True)
        for address in (reached.get(message.owner, ()) if message.owner else ())
    ]


def _due(moment: datetime, address: Address, *, urgent: bool) -> datetime:
    if urgent or address.quiet is None:
        return moment
    return allowed_from(moment, *address.quiet, quiet_day=_is_off if address.days_off else None)


def _is_off(day: date) -> bool:
    return not work_calendar().is_working(day)
