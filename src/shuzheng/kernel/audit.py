"""What the kernel tells the audit: one entry per act and per read of personal data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now
from shuzheng.kernel.rows import Step, write


@dataclass(kw_only=True)
class Entry:
    """One line of the audit: who did or read what, as whom, for which purpose, with which result."""

    kind: Literal["act", "read", "sign-in"]
    #: Name of the action or of the page or query that read.
    name: str
    actor: Actor
    result: Literal["done", "refused", "failed"] = "done"
    subject_type: str = ""
    subject_id: str = ""
    case_id: UUID | None = None
    #: Path of the division concerned.
    division: str = ""
    purpose: str = ""
    #: Facts that are not personal data.
    detail: dict[str, Any] = field(default_factory=dict)
    at: datetime = field(default_factory=now)


@cache
def _insertion() -> Callable[[Iterable[Entry]], Step]:
    return import_string(settings.SHUZHENG_AUDIT_SINK)


#: Entries waiting for the end of the unit of work in this context.
_waiting: ContextVar[list[Entry] | None] = ContextVar("waiting_entries", default=None)


def record(*entries: Entry) -> None:
    """Write entries in the current transaction: inside an action with its own record, else at once."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting += entries
    else:
        write(further=steps(entries))


@contextmanager
def gathered(entries: list[Entry]) -> Iterator[None]:
    """Gather what is recorded inside the block; the caller writes it by ``steps`` in the same transaction."""
    token = _waiting.set(entries)
    try:
        yield
    finally:
        _waiting.reset(token)


def steps(entries: Sequence[Entry]) -> list[Step]:
    """Return what writes entries, to be taken in the current transaction."""
    return [_insertion()(entries)] if entries else []
