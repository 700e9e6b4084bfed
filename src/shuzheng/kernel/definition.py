"""Published definitions: looked up by key and day, or by the version a case is pinned to."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from shuzheng.kernel.declaration import (
    Counts,
    Declaration,
    Declared,
    Facts,
    Kind,
    Manifest,
    Workspace,
    kinds,
    register,
    register_facts,
)
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.models import DefinitionRecord
from shuzheng.kernel.moment import today
from shuzheng.kernel.source import Problem

__all__ = [
    "Counts", "Declaration", "Declared", "Facts", "Kind", "Manifest", "Problem", "Stored", "Workspace",
    "by_id", "forget", "get", "kinds", "listing", "register", "register_facts",
]  # fmt: skip

M = TypeVar("M", bound=Declaration)
#: Seconds for which a process trusts what it knows without asking whether anything was published.
FRESH = 1.0
CACHED = 5000


class NoDefinition(NotFound):
    """No version of this definition is in force on that day."""

    code = "no-definition"
    message = _("这项内容尚未发布或已停用。")


@dataclass(frozen=True)
class Stored(Generic[M]):
    """One version of a definition as it is stored."""

    id: UUID
    kind: str
    key: str
    version: str
    title: str
    pack: str
    status: str
    valid_from: date | None
    valid_to: date | None
    content_hash: str
    body: M


#: The days on which each version of a definition is in force, the earliest first.
Intervals = list[tuple[date | None, date | None, UUID]]


class _Memory:
    """What is known of the published definitions; renewed when the epoch in the database moves."""

    def __init__(self) -> None:
        self.stored: OrderedDict[UUID, Stored[Any]] = OrderedDict()
        #: By epoch as well, so that what another thread read before a publication is not taken for what holds after it.
        self._intervals: dict[tuple[int, str, str], Intervals] = {}
        self._epoch = -1
        self._asked = 0.0

    def intervals(self, kind: str, key: str) -> Intervals:
        """Return the intervals of a definition, read again if anything was published since."""
        place = (self._renew(), kind, key)
        known = self._intervals.get(place)
        if known is None:
            known = self._intervals[place] = self._read(kind, key)
        return known

    def keep(self, stored: Stored[Any]) -> None:
        """Remember a version, forgetting the oldest beyond the bound."""
        self.stored[stored.id] = stored
        while len(self.stored) > CACHED:
            self.stored.popitem(last=False)

    def ask_again(self) -> None:
        """Trust nothing before the database was asked."""
        self._asked = 0.0

    def clear(self) -> None:
        """Forget everything."""
        self.stored.clear()
        self._intervals.clear()
        self.ask_again()

    def _renew(self) -> int:
        if time.monotonic() - self._asked >= FRESH:
            with connection.cursor() as cursor:
                cursor.execute("SELECT epoch FROM kernel_definition_epoch")
                epoch = cursor.fetchone()[0]
            if epoch != self._epoch:
                self._intervals.clear()
            self._epoch, self._asked = epoch, time.monotonic()
        return self._epoch

    def _read(self, kind: str, key: str) -> Intervals:
        found = []
        for record in DefinitionRecord.objects.filter(kind=kind, key=key, status="published").order_by("valid"):
            self.keep(stored_of(record))
            found.append((record.valid.lower, record.valid.upper, record.pk))
        return found


class Publication:
    """What a transaction that has published knows, for as long as only itself sees what it published.

    It waits among Django's hooks for the commit, which are dropped when the transaction or the savepoint is rolled back.
    """

    def __init__(self, before: _Memory) -> None:
        self.memory = _Memory()
        self.memory.stored.update(before.stored)

    def __call__(self) -> None:
        """Committed: everybody asks the database."""
        _process.ask_again()


_process = _Memory()


def memory_of_transaction() -> _Memory:
    """Return what this transaction knows, where it has published, else what the process knows."""
    for waiting in reversed(connection.run_on_commit):
        if isinstance(waiting[1], Publication):
            return waiting[1].memory
    return _process


def forget() -> None:
    """Forget what this process knows; tests call it between databases."""
    _process.clear()


def get(kind: str, key: str, *, version: str | None = None, on: date | None = None) -> Stored[Any]:
    """Return a definition in the given version, or the one in force on a day (default today). Raises NoDefinition."""
    if version is not None:
        return _by_version(kind, key, version)
    day = on or today()
    for start, end, id in memory_of_transaction().intervals(kind, key):
        if (start is None or start <= day) and (end is None or day < end):
            return by_id(id)
    raise NoDefinition


def find(kind: str, key: str) -> Any | None:
    """Return the body of the definition in force today, or of the next to come, or ``None``."""
    try:
        return get(kind, key).body
    except NoDefinition:
        intervals = memory_of_transaction().intervals(kind, key)
        return by_id(intervals[-1][2]).body if intervals else None


def by_id(id: UUID) -> Stored[Any]:
    """Return the version that a case is pinned to. Raises NoDefinition."""
    memory = memory_of_transaction()
    stored = memory.stored.get(id)
    if stored is None:
        record = DefinitionRecord.objects.filter(pk=id).first()
        if record is None:
            raise NoDefinition
        stored = stored_of(record)
        if record.status != DefinitionRecord.Status.DRAFT:
            memory.keep(stored)
    return stored


def listing(kind: str) -> list[Stored[Any]]:
    """Return the versions of a kind in force today, by key, in one statement."""
    records = DefinitionRecord.objects.filter(kind=kind, status="published", valid__contains=today()).order_by("key")
    return [stored_of(record) for record in records]


def _by_version(kind: str, key: str, version: str) -> Stored[Any]:
    record = DefinitionRecord.objects.filter(kind=kind, key=key, version=version).first()
    if record is None:
        raise NoDefinition
    return stored_of(record)


def stored_of(record: DefinitionRecord) -> Stored[Any]:
    """Return what a row says, its body, which never changes, from memory where it was read before."""
    known = memory_of_transaction().stored.get(record.pk)
    return Stored(
        id=record.pk,
        kind=record.kind,
        key=record.key,
        version=record.version,
        title=record.title,
        pack=record.pack,
        status=record.status,
        valid_from=record.valid.lower,
        valid_to=record.valid.upper,
        content_hash=record.content_hash,
        body=known.body if known else kinds()[record.kind].model.model_validate(record.body),
    )


def published_body(kind: str, key: str) -> BaseModel | None:
    """Return a published body for a workspace's references."""
    return find(kind, key) if kind in kinds() else None


def published_keys(kind: str) -> list[str]:
    """Return the keys of a kind in force or to come, for suggestions."""
    records = DefinitionRecord.objects.filter(kind=kind, status="published")
    return list(records.order_by("key").values_list("key", flat=True).distinct())
