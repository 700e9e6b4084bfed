"""Published definitions: looked up by key and day, or by the version a case is pinned to."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
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
from shuzheng.kernel.error import Conflict, NotFound
from shuzheng.kernel.input import canonical_digest
from shuzheng.kernel.models import DefinitionRecord
from shuzheng.kernel.moment import now, today
from shuzheng.kernel.source import Problem

__all__ = [
    "Counts", "Declaration", "Declared", "Facts", "Kind", "Manifest", "Problem", "Stored", "Workspace",
    "by_id", "draft", "forget", "get", "kinds", "listing", "publish", "register", "register_facts", "retire",
]  # fmt: skip

M = TypeVar("M", bound=Declaration)
#: Seconds for which a process trusts what it knows without asking whether anything was published.
FRESH = 1.0
CACHED = 5000


class NoDefinition(NotFound):
    """No version of this definition is in force on that day."""

    code = "no-definition"
    message = _("这项内容尚未发布或已停用。")


class VersionTaken(Conflict):
    """A version number was used before for other content."""

    code = "version-taken"
    message = _("版本号 {version} 已经用于不同的内容，请改用更高的版本号。")


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
            self.keep(_stored(record))
            found.append((record.valid.lower, record.valid.upper, record.pk))
        return found


class _Publication:
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


def _memory() -> _Memory:
    for waiting in reversed(connection.run_on_commit):
        if isinstance(waiting[1], _Publication):
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
    for start, end, id in _memory().intervals(kind, key):
        if (start is None or start <= day) and (end is None or day < end):
            return by_id(id)
    raise NoDefinition


def find(kind: str, key: str) -> Any | None:
    """Return the body of the definition in force today, or of the next to come, or ``None``."""
    try:
        return get(kind, key).body
    except NoDefinition:
        intervals = _memory().intervals(kind, key)
        return by_id(intervals[-1][2]).body if intervals else None


def by_id(id: UUID) -> Stored[Any]:
    """Return the version that a case is pinned to. Raises NoDefinition."""
    memory = _memory()
    stored = memory.stored.get(id)
    if stored is None:
        record = DefinitionRecord.objects.filter(pk=id).first()
        if record is None:
            raise NoDefinition
        stored = _stored(record)
        if record.status != DefinitionRecord.Status.DRAFT:
            memory.keep(stored)
    return stored


def listing(kind: str) -> list[Stored[Any]]:
    """Return the versions of a kind in force today, by key, in one statement."""
    records = DefinitionRecord.objects.filter(kind=kind, status="published", valid__contains=today()).order_by("key")
    return [_stored(record) for record in records]


def _by_version(kind: str, key: str, version: str) -> Stored[Any]:
    record = DefinitionRecord.objects.filter(kind=kind, key=key, version=version).first()
    if record is None:
        raise NoDefinition
    return _stored(record)


def _stored(record: DefinitionRecord) -> Stored[Any]:
    """Return what a row says, its body, which never changes, from memory where it was read before."""
    known = _memory().stored.get(record.pk)
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


# -- writing: called by actions only ---------------------------------------------------------------------------


def draft(kind: str, body: Declaration, version: str, *, pack: str = "") -> DefinitionRecord:
    """Store a draft version, replacing an earlier draft of the same version. Raises VersionTaken."""
    return draft_many(kind, [body], version, pack=pack)[0]


def draft_many(kind: str, bodies: Iterable[Declaration], version: str, *, pack: str = "") -> list[DefinitionRecord]:
    """Store many drafts of one kind and version in a fixed number of statements. Raises VersionTaken."""
    rows = [_draft_row(kind, body, version, pack) for body in bodies]
    taken = DefinitionRecord.objects.filter(kind=kind, key__in=[r.key for r in rows], version=version)
    if taken.exclude(status="draft").exists():
        raise VersionTaken(version=version)
    taken.delete()
    return DefinitionRecord.objects.bulk_create(rows, batch_size=500)


def _draft_row(kind: str, body: Declaration, version: str, pack: str) -> DefinitionRecord:
    plain = body.model_dump(mode="json", exclude_defaults=True)
    return DefinitionRecord(
        kind=kind,
        key=body.code,
        version=version,
        title=body.title,
        pack=pack,
        status="draft",
        valid=DateRange(empty=True),
        body=plain,
        content_hash=canonical_digest(plain),
        created_at=now(),
    )


def publish(records: Iterable[DefinitionRecord], *, by: str, effective: date) -> list[Stored[Any]]:
    """Put drafts in force from a day on, ending the versions before them; nothing changes in the past.

    A key's first version may begin in the past; a later one begins today at the earliest.
    """
    drafts = list(records)
    _announce()
    earlier = _in_force({(d.kind, d.key) for d in drafts})
    for record in drafts:
        start = _end_earlier(earlier.get((record.kind, record.key), []), effective)
        record.status, record.valid = "published", DateRange(start, None)
        record.published_by, record.published_at = by, now()
    ended = [record for versions in earlier.values() for record in versions]
    DefinitionRecord.objects.bulk_update(ended, ["status", "valid"], batch_size=500)
    DefinitionRecord.objects.bulk_update(drafts, ["status", "valid", "published_by", "published_at"], batch_size=500)
    return _project(drafts)


def retire(record: DefinitionRecord, *, on: date) -> None:
    """End a published version on a day; running cases keep it."""
    _announce()
    if record.valid.lower is None or record.valid.lower < on:
        record.valid = DateRange(record.valid.lower, on)
    else:
        record.status, record.valid = "retired", DateRange(empty=True)
    record.save(update_fields=["valid", "status"])


def _in_force(keys: set[tuple[str, str]]) -> dict[tuple[str, str], list[DefinitionRecord]]:
    found: dict[tuple[str, str], list[DefinitionRecord]] = {}
    candidates = DefinitionRecord.objects.select_for_update().filter(
        kind__in={kind for kind, _key in keys}, key__in={key for _kind, key in keys}, status="published"
    )
    for record in candidates:
        if (record.kind, record.key) in keys:
            found.setdefault((record.kind, record.key), []).append(record)
    return found


def _end_earlier(versions: list[DefinitionRecord], effective: date) -> date:
    """Cut the intervals of earlier versions so that a new one may begin; return the day it begins."""
    start = max(effective, today()) if versions else effective
    for record in versions:
        lower, upper = record.valid.lower, record.valid.upper
        if lower is not None and lower >= start:
            record.status, record.valid = "retired", DateRange(empty=True)
        elif upper is None or upper > start:
            record.valid = DateRange(lower, start)
    return start


def _announce() -> None:
    """Move the epoch, which keeps other publications waiting until the end of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_definition_epoch SET epoch = epoch + 1")
    transaction.on_commit(_Publication(_memory()))


def _project(records: list[DefinitionRecord]) -> list[Stored[Any]]:
    stored = [_stored(record) for record in records]
    for name, kind in kinds().items():
        own = [s for s in stored if s.kind == name]
        if kind.publish and own:
            cast(Callable[[list[Stored[Any]]], None], kind.publish)(own)
    return stored


def published_body(kind: str, key: str) -> BaseModel | None:
    """Return a published body for a workspace's references."""
    return find(kind, key) if kind in kinds() else None


def published_keys(kind: str) -> list[str]:
    """Return the keys of a kind in force or to come, for suggestions."""
    records = DefinitionRecord.objects.filter(kind=kind, status="published")
    return list(records.order_by("key").values_list("key", flat=True).distinct())
