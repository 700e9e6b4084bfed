"""What a leaf of the ledger is: the canonical form that writing, verifying and outsiders agree on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shuzheng.engines.trust.crypto import provider
from shuzheng.kernel.audit import Entry

#: Columns of the content with their types, in the order of the table.
COLUMNS: dict[str, str] = {
    "at": "timestamptz",
    "kind": "text",
    "name": "text",
    "result": "text",
    "actor_name": "text",
    "account_id": "uuid",
    "person_id": "uuid",
    "officer_id": "uuid",
    "party_kind": "text",
    "party_id": "uuid",
    "party_name": "text",
    "mandate_id": "uuid",
    "assurance": "smallint",
    "channel": "text",
    "address": "text",
    "correlation_id": "text",
    "case_id": "uuid",
    "subject_type": "text",
    "subject_id": "text",
    "purpose": "text",
    "division": "ltree",
    "detail": "jsonb",
}
#: What a leaf only commits to: who it was. Evidence given to the person concerned shows the rest.
CLOSED = frozenset(
    {
        "actor_name",
        "account_id",
        "person_id",
        "officer_id",
        "party_kind",
        "party_id",
        "party_name",
        "mandate_id",
        "assurance",
        "address",
        "correlation_id",
    }
)
SALT = 16
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
)


def leaf(type_: str, opened: bytes, closed: bytes) -> bytes:
    """Return a leaf: what it says openly (canonical JSON), and the hash of what it keeps closed or nothing."""
    return b'{"closed":"%s","open":%s,"type":"%s"}' % (closed.hex().encode(), opened, type_.encode())


def parts(content: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Return the open and the closed part of an audit record's content, each as canonical JSON."""
    opened = {name: value for name, value in content.items() if name not in CLOSED}
    return canonical(opened), canonical({name: content[name] for name in CLOSED})


def record_leaf(content: Mapping[str, Any], salt: bytes) -> bytes:
    """Return the leaf of an audit record."""
    opened, closed = parts(content)
    return leaf("audit", opened, provider().sm3(salt + closed))


def leaf_hash(data: bytes) -> bytes:
    """Return the hash under which a leaf stands in the tree (RFC 9162 §2.1.1, with SM3)."""
    return provider().sm3(b"\x00" + data)


def of_entry(entry: Entry) -> dict[str, Any]:
    """Return the content of an entry, column by column, as JSON values."""
    actor, party = entry.actor, entry.actor.party
    return {
        "at": _moment(entry.at),
        "kind": entry.kind,
        "name": entry.name,
        "result": entry.result,
        "actor_name": _text(actor.name),
        "account_id": _id(actor.account_id),
        "person_id": _id(actor.person_id),
        "officer_id": _id(actor.officer_id),
        "party_kind": party.kind if party else "",
        "party_id": _id(party.id) if party else None,
        "party_name": _text(party.name) if party else "",
        "mandate_id": _id(actor.mandate_id),
        "assurance": actor.assurance,
        "channel": actor.channel,
        "address": _text(actor.address),
        "correlation_id": _text(actor.correlation_id),
        "case_id": _id(entry.case_id),
        "subject_type": entry.subject_type,
        "subject_id": _text(entry.subject_id),
        "purpose": _text(entry.purpose or actor.purpose),
        "division": entry.division,
        "detail": plain(entry.detail),
    }


def of_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of a stored row, by column name, as JSON values."""
    content = {name: row[name] for name in COLUMNS}
    for name, type_ in COLUMNS.items():
        if type_ == "uuid":
            content[name] = _id(content[name])
    content["at"] = _moment(row["at"])
    content["detail"] = plain(row["detail"])
    return content


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the bytes that are hashed: JSON in UTF-8 with sorted keys and no blanks."""
    return _ENCODER.encode(content).encode()


def plain(value: Any) -> Any:
    """Return a value as PostgreSQL's ``jsonb`` gives it back, so that its hash is the same after a round trip."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        return {_text(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, set | frozenset):
        return sorted(map(_text, value))
    return _text(value)


def _number(value: float) -> Any:
    """Return a whole number as an integer, as ``jsonb`` does, and what is no number as its name."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    return int(value) if value.is_integer() else value


def _text(value: Any) -> str:
    """Return text that the database can hold: without NUL and without halves of characters."""
    text = str(value)
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    return text if text.isprintable() else text.encode(errors="replace").decode()


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")
