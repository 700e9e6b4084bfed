"""Writing the audit: the sink of the kernel's entries, and reads of personal data."""

from __future__ import annotations

import os
from collections.abc import Iterable
from uuid import UUID

from shuzheng.engines.trust.content import COLUMNS, SALT, leaf, leaf_hash, of_entry, parts
from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.errors import PurposeMissing
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.audit import Entry, record
from shuzheng.kernel.rows import Step
from shuzheng.kernel.rows import write as write_rows

#: Subject type of reads about a natural person; ``queries.reads_about`` finds them by it.
PERSON = "identity.person"

_OWN = {"salt": "bytea", "leaf_hash": "bytea"}
_INSERT = "INSERT INTO trust_auditrecord ({names}) SELECT * FROM json_to_recordset(%s) AS r ({typed})"
_STATEMENT = _INSERT.format(
    names=", ".join([*COLUMNS, *_OWN]),
    typed=", ".join(f"{name} {type_}" for name, type_ in {**COLUMNS, **_OWN}.items()),
)


def write(entries: Iterable[Entry]) -> None:
    """Insert entries now, in the current transaction."""
    if given := list(entries):
        write_rows(further=[insertion(given)])


def insertion(entries: Iterable[Entry]) -> Step:
    """Return the statement that inserts entries; the JSON that is hashed is the JSON that is sent."""
    return _STATEMENT, [f"[{','.join(map(_row, entries))}]"]


def _row(entry: Entry) -> str:
    opened, closed = parts(of_entry(entry))
    salt = os.urandom(SALT)
    hashed = leaf_hash(leaf("audit", opened, provider().sm3(salt + closed)))
    return rf'{opened[:-1].decode()},{closed[1:-1].decode()},"salt":"\\x{salt.hex()}","leaf_hash":"\\x{hashed.hex()}"}}'


def record_read(
    actor: Actor,
    purpose: str,
    subject_type: str,
    subject_id: UUID | str | Iterable[UUID | str],
    elements: Iterable[str],
    case_id: UUID | None = None,
    *,
    name: str = "read",
) -> None:
    """Record that personal data was shown: whose, which elements, for which purpose and under which case.

    A list passes the ids of all it shows and writes them with one statement; ``name`` is the page or query that read.
    Raises PurposeMissing: personal data is read for a named purpose or not at all (个人信息保护法 §6).
    """
    purpose = purpose or actor.purpose
    if not purpose.strip():
        raise PurposeMissing
    subjects = [subject_id] if isinstance(subject_id, UUID | str) else subject_id
    shown = sorted(set(elements))
    record(
        *(
            Entry(
                kind="read",
                name=name,
                actor=actor,
                subject_type=subject_type,
                subject_id=str(subject),
                case_id=case_id,
                purpose=purpose,
                detail={"elements": shown},
            )
            for subject in subjects
        )
    )
