"""Who of the cast is told by text message: two of them proved their numbers, so that texts go out and come back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from shuzheng.demo import cast
from shuzheng.demo.people import People
from shuzheng.engines.identity.models import Person
from shuzheng.engines.messaging.actions import RequestCode
from shuzheng.engines.messaging.actions.addresses import confirm
from shuzheng.engines.messaging.models import Delivery

#: They are told of what happened in the last days of the story.
LATELY = timedelta(days=5)


def prove_numbers() -> None:
    """Let the daughter and the firm's operator prove their mobile numbers by the code that was sent there."""
    people, done = People(), set[UUID]()
    for actor in (people.of_cast(cast.DAUGHTER), people.of_cast(cast.OPERATOR)):
        mobile = Person.objects.get(pk=actor.person_id).mobile
        RequestCode.do(actor, channel="sms", address=mobile)
        sent = Delivery.objects.filter(channel="sms", message=None).exclude(pk__in=done).get()
        confirm(actor, sent.secret)
        done.add(sent.pk)
