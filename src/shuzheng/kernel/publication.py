"""Drafting, publishing and retiring definitions; called by actions only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, cast

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.declaration import Declaration, kinds
from shuzheng.kernel.definition import Publication, Stored, memory_of_transaction, stored_of
from shuzheng.kernel.error import Conflict
from shuzheng.kernel.input import canonical_digest
from shuzheng.kernel.models import DefinitionRecord
from shuzheng.kernel.moment import now, today


class VersionTaken(Conflict):
    """A version number was used before for other content."""

    code = "version-taken"
    message = _("版本号 {version} 已经用于不同的内容，请改用更高的版本号。")


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
    transaction.on_commit(Publication(memory_of_transaction()))


def _project(records: list[DefinitionRecord]) -> list[Stored[Any]]:
    stored = [stored_of(record) for record in records]
    for name, kind in kinds().items():
        own = [s for s in stored if s.kind == name]
        if kind.publish and own:
            cast(Callable[[list[Stored[Any]]], None], kind.publish)(own)
    return stored
