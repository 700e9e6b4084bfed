"""What loading a pack would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shuzheng.kernel.declaration import Declared, PackSource
from shuzheng.kernel.input import canonical_digest
from shuzheng.kernel.models import DefinitionRecord


@dataclass(frozen=True)
class Change:
    """One line of a diff between packs on disk and what is published."""

    kind: str
    key: str
    #: new, changed or unchanged.
    what: str
    before: str = ""
    after: str = ""
    fields: tuple[str, ...] = ()


def compare(pack: PackSource) -> list[Change]:
    """Compare a pack's definitions with the newest published ones, in one statement per kind."""
    changes = []
    for name in {declared.kind for declared in pack.declared}:
        own = [declared for declared in pack.declared if declared.kind == name]
        current = _current(name, [declared.key for declared in own])
        changes += [_change(declared, current.get(declared.key), pack.manifest.version) for declared in own]
    return changes


def plain_body(declared: Declared[Any]) -> dict[str, Any]:
    """Return a valid definition's body as it is stored."""
    assert declared.model is not None
    return declared.model.model_dump(mode="json", exclude_defaults=True)


def _current(kind: str, keys: list[str]) -> dict[str, DefinitionRecord]:
    records = DefinitionRecord.objects.filter(kind=kind, key__in=keys, status="published").order_by("valid")
    return {record.key: record for record in records}


def _change(declared: Declared[Any], record: DefinitionRecord | None, version: str) -> Change:
    if record is None:
        return Change(declared.kind, declared.key, "new", "", version)
    body = plain_body(declared)
    if canonical_digest(body) == record.content_hash:
        return Change(declared.kind, declared.key, "unchanged", record.version, record.version)
    differing = tuple(sorted(f for f in {*body, *record.body} if body.get(f) != record.body.get(f)))
    return Change(declared.kind, declared.key, "changed", record.version, version, differing)
