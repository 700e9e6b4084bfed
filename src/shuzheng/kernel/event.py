"""Events (CloudEvents 1.0): facts announced by actions, followed up by jobs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """A fact that an action announces; stored and delivered with the action's own transaction."""

    #: ``engine.past_participle``, e.g. ``casework.case_filed``.
    type: str
    subject: str
    data: dict[str, Any]
    id: UUID = field(default_factory=new_id)
    time: datetime = field(default_factory=now)

    def envelope(self) -> dict[str, Any]:
        """Return the CloudEvents 1.0 JSON envelope."""
        return {
            "specversion": "1.0",
            "id": str(self.id),
            "source": "/shuzheng",
            "type": self.type,
            "subject": self.subject,
            "time": self.time.isoformat(),
            "datacontenttype": "application/json",
            "data": self.data,
        }


_subscribers: dict[str, list[Any]] = defaultdict(list)
_unfollowed: ContextVar[bool] = ContextVar("events_unfollowed", default=False)


def subscribe(type: str, task: Any) -> None:
    """Let a job (a procrastinate task taking ``event``) follow up every event of a type."""
    if task not in _subscribers[type]:
        _subscribers[type].append(task)


def subscribers(type: str) -> list[Any]:
    """Return the jobs that follow up events of a type."""
    return [] if _unfollowed.get() else _subscribers.get(type, [])


@contextmanager
def unfollowed() -> Iterator[None]:
    """Announce events without queueing the jobs that follow them up.

    For acts in simulated time, whose jobs would run at the wrong moment; whoever uses it sees to what must follow.
    """
    token = _unfollowed.set(True)
    try:
        yield
    finally:
        _unfollowed.reset(token)
