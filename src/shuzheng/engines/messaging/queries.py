"""Reads of inboxes and of what people chose."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from shuzheng.engines.messaging.categories import CATEGORIES, Category
from shuzheng.engines.messaging.errors import NoSuchMessage
from shuzheng.engines.messaging.models import ContactAddress, Delivery, Message, Preference, QuietHours, ServiceConsent
from shuzheng.engines.messaging.models.delivery import DeliveryStatus
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now
from shuzheng.kernel.page import Page, page

ORDER = ("-created_at", "-id")
#: Unread messages are counted up to here; pages show ``99+`` beyond.
MOST_COUNTED = 100
#: Messages that ask for something, shown on the way in.
MOST_ASKING = 5


def inbox(person_id: UUID, after: str | None = None, *, unread: bool = False, size: int = 20) -> Page[Message]:
    """Return one page of a person's inbox, newest first, in one statement. Raises BadCursor."""
    messages = _arrived(Message.objects.filter(recipient_person_id=person_id))
    return page(messages.filter(read_at=None) if unread else messages, order=ORDER, after=after, size=size)


def inbox_of(
    actor: Actor, after: str | None = None, *, unread: bool = False, category: str = "", words: str = "", size: int = 20
) -> Page[Message]:
    """Return one page of the inbox of whoever has signed in, narrowed to a category or to words in it."""
    messages = messages_of(actor)
    if unread:
        messages = messages.filter(read_at=None)
    if category:
        messages = messages.filter(category=category)
    for word in words.split()[:5]:
        messages = messages.filter(Q(subject__icontains=word) | Q(body__icontains=word))
    return page(messages, order=ORDER, after=after, size=size)


def unread_count(actor: Actor) -> int:
    """Return how many messages are unread, at most MOST_COUNTED."""
    if owner_of(actor) is None:
        return 0
    return messages_of(actor).filter(read_at=None)[:MOST_COUNTED].count()


def asking(actor: Actor, *, except_cases: Iterable[UUID] = ()) -> list[Message]:
    """Return the latest messages that still ask for something, leaving out those about the cases named."""
    waiting = messages_of(actor).filter(asks=True, done_at=None)
    others = waiting.filter(Q(case_id=None) | ~Q(case_id__in=list(except_cases)))
    return list(others.order_by(*ORDER)[:MOST_ASKING])


def message(id: UUID, actor: Actor) -> Message:
    """Return one message of the actor's own inbox, also a deleted one. Raises NoSuchMessage."""
    found = _arrived(_own(actor), hidden=True).filter(pk=id).first()
    if found is None:
        raise NoSuchMessage
    return found


def ways_of(message: Message) -> list[Delivery]:
    """Return by which ways a message was announced and what became of it; the wording is not read."""
    found = Delivery.objects.filter(message=message, channel__in=WAYS[1:]).exclude(status=DeliveryStatus.GIVEN_UP)
    return list(found.defer("text", "secret").order_by("created_at", "pk"))


def messages_of(actor: Actor) -> QuerySet[Message]:
    """Return the messages of whoever has signed in; the inbox stays one's own while acting for others."""
    return _arrived(_own(actor))


def hidden_of(actor: Actor) -> QuerySet[Message]:
    """Return the messages that whoever has signed in has deleted."""
    return _own(actor).exclude(hidden_at=None)


def owner_of(actor: Actor) -> UUID | None:
    """Return the id under which an actor's addresses and choices are kept: the person's, else the account's."""
    return actor.person_id or actor.account_id


def addresses_of(actor: Actor) -> dict[str, ContactAddress]:
    """Return the actor's proved addresses by channel."""
    return {address.channel: address for address in ContactAddress.objects.filter(owner=owner_of(actor))}


def quiet_hours_of(actor: Actor) -> QuietHours:
    """Return the actor's quiet hours, the usual ones if nothing else was chosen."""
    owner = owner_of(actor)
    return QuietHours.objects.filter(pk=owner).first() or QuietHours(owner=owner)


def choices_of(actor: Actor) -> list[tuple[Category, dict[str, bool]]]:
    """Return for each category whether it is wanted by inbox, e-mail and SMS."""
    chosen = {(p.category, p.channel): p.wanted for p in Preference.objects.filter(owner=owner_of(actor))}
    return [
        (category, {way: category.compulsory or chosen.get((code, way), not category.opt_in) for way in WAYS})
        for code, category in CATEGORIES.items()
    ]


#: What people choose for each category.
WAYS = ("inbox", "email", "sms")


def consent_of(person_id: UUID) -> ServiceConsent | None:
    """Return a person's consent in force to be served electronically."""
    return ServiceConsent.objects.filter(person_id=person_id, withdrawn_at=None).first()


def _own(actor: Actor) -> QuerySet[Message]:
    mine = Q(pk=None)
    if actor.person_id is not None:
        mine |= Q(recipient_person_id=actor.person_id)
    if actor.account_id is not None:
        mine |= Q(recipient_account_id=actor.account_id)
    return Message.objects.filter(mine)


def _arrived(messages: QuerySet[Message], *, hidden: bool = False) -> QuerySet[Message]:
    """Leave out what is scheduled for later, and what was deleted."""
    arrived = messages.filter(created_at__lte=now())
    return arrived if hidden else arrived.filter(hidden_at=None)
