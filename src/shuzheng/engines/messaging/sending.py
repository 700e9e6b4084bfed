"""Turning a template and its values into messages and deliveries, for one recipient or a thousand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models.base import ModelState

from shuzheng.engines.identity.models import Officer
from shuzheng.engines.messaging import reach
from shuzheng.engines.messaging.definitions import MessageTemplate
from shuzheng.engines.messaging.models import Delivery, Message
from shuzheng.engines.messaging.templates import CHINESE, Version, Wording, word
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now

_LANGUAGES = """
    SELECT coalesce(person_id, id), preferred_language FROM identity_account
    WHERE (person_id = ANY(%(owners)s) OR id = ANY(%(owners)s)) AND preferred_language <> %(chinese)s
"""


@dataclass(frozen=True)
class Recipient:
    """Who gets a message, and the values that are their own."""

    person: UUID | None = None
    account: UUID | None = None
    values: dict[str, str] = field(default_factory=dict)

    @property
    def owner(self) -> UUID:
        """Return the id under which addresses and preferences are kept."""
        found = self.person or self.account
        assert found is not None
        return found


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is told to all recipients alike."""

    version: Version
    values: dict[str, str]
    topic: str
    link: str = ""
    case_id: UUID | None = None
    department: str = ""
    send_at: datetime | None = None
    bulk_id: UUID | None = None


def compose(task: Task, recipients: Sequence[Recipient]) -> tuple[list[Message], list[Wording]]:
    """Return the messages, not yet stored, and how each is worded. Raises ValuesDisagree."""
    template = task.version.template
    spoken = _languages(template, [recipient.owner for recipient in recipients])
    known: dict[str, tuple[Message, Wording]] = {}
    messages, wordings = [], []
    for recipient in recipients:
        language = spoken.get(recipient.owner, CHINESE)
        if recipient.values or language not in known:
            wording = word(template, {**task.values, **recipient.values}, language)
            message = _message(task, recipient, wording)
            if not recipient.values:
                known[language] = message, wording
        else:
            first, wording = known[language]
            message = _like(first, task, recipient)
        messages.append(message)
        wordings.append(wording)
    return messages, wordings


def _like(first: Message, task: Task, recipient: Recipient) -> Message:
    """Return a message that differs from the first one only in whose it is; a third of the cost of making it anew."""
    message = Message.__new__(Message)
    vars(message).update(
        first.__dict__,
        _state=ModelState(),
        id=new_id(),
        recipient_person_id=recipient.person,
        recipient_account_id=recipient.account,
        key=f"{task.topic}|{recipient.owner}",
    )
    return message


def announce(task: Task, messages: Sequence[Message], wordings: Sequence[Wording]) -> list[Delivery]:
    """Return the deliveries by which people are told of their messages; not yet stored."""
    template = task.version.template
    notices = [wording.notice for wording in wordings]
    found = reach.deliveries(messages, notices, template, template.title)
    if "todo" in template.channels:
        found += _todos(messages, wordings)
    return found


def _message(task: Task, recipient: Recipient, wording: Wording) -> Message:
    template = task.version.template
    return Message(
        recipient_person_id=recipient.person,
        recipient_account_id=recipient.account,
        template=template.code,
        template_version=task.version.version,
        category=template.category,
        language=wording.language,
        subject=wording.subject,
        body=wording.body,
        plain=wording.plain,
        link=task.link,
        case_id=task.case_id,
        asks=template.asks,
        department=task.department,
        bulk_id=task.bulk_id,
        key=f"{task.topic}|{recipient.owner}",
        created_at=task.send_at or now(),
    )


def _languages(template: MessageTemplate, owners: list[UUID]) -> dict[UUID, str]:
    """Return who prefers another language than Chinese; nobody is asked where the template has only one."""
    if not template.translations:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LANGUAGES, {"owners": owners, "chinese": CHINESE})
        return dict(cursor.fetchall())


def _todos(messages: Sequence[Message], wordings: Sequence[Wording]) -> list[Delivery]:
    """Return a push to the office system for each recipient who is an officer; to-dos keep no quiet hours."""
    people = [message.recipient_person_id for message in messages]
    numbers = dict(Officer.objects.filter(person_id__in=people).values_list("person_id", "number"))
    return [
        Delivery(
            message=message,
            channel="todo",
            to=numbers[message.recipient_person_id],
            title=wording.title,
            text=wording.notice,
            department=message.department,
            bulk_id=message.bulk_id,
            due_at=message.created_at,
        )
        for message, wording in zip(messages, wordings, strict=True)
        if message.recipient_person_id in numbers
    ]
