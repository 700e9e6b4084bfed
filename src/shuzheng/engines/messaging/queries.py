"""Reads of inboxes."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from shuzheng.engines.messaging.errors import NoSuchMessage
from shuzheng.engines.messaging.models import Message
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.page import Page, page

ORDER = ("-created_at", "-id")
#: Unread messages are counted up to here; pages show ``99+`` beyond.
MOST_COUNTED = 100


def inbox(person_id: UUID, after: str | None = None, *, unread: bool = False, size: int = 20) -> Page[Message]:
    """Return one page of a person's inbox, newest first, in one statement. Raises BadCursor."""
    messages = Message.objects.filter(recipient_person_id=person_id)
    return page(messages.filter(read_at=None) if unread else messages, order=ORDER, after=after, size=size)


def inbox_of(actor: Actor, after: str | None = None, *, unread: bool = False, size: int = 20) -> Page[Message]:
    """Return one page of the inbox of whoever has signed in, also without an entry in the register of persons."""
    messages = messages_of(actor)
    return page(messages.filter(read_at=None) if unread else messages, order=ORDER, after=after, size=size)


def unread_count(actor: Actor) -> int:
    """Return how many messages are unread, at most MOST_COUNTED."""
    if actor.person_id is None and actor.account_id is None:
        return 0
    return messages_of(actor).filter(read_at=None)[:MOST_COUNTED].count()


def message(id: UUID, actor: Actor) -> Message:
    """Return one message of the actor's own inbox. Raises NoSuchMessage."""
    found = messages_of(actor).filter(pk=id).first()
    if found is None:
        raise NoSuchMessage
    return found


def messages_of(actor: Actor) -> QuerySet[Message]:
    """Return the messages of whoever has signed in; the inbox stays one's own while acting for others."""
    mine = Q(pk=None)
    if actor.person_id is not None:
        mine |= Q(recipient_person_id=actor.person_id)
    if actor.account_id is not None:
        mine |= Q(recipient_account_id=actor.account_id)
    return Message.objects.filter(mine)
