"""Appending public evidence to the ledger, with a personal part that can be made unreadable for good."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC
from typing import Any
from uuid import UUID

from django.db import connection

from shuzheng.engines.trust.content import canonical, leaf, leaf_hash, plain
from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.models import LedgerEntry, PersonKey
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now

_KIND = re.compile(r"[a-z_]+\.[a-z_]+")
_NONCE = 12
_titles: dict[str, Any] = {}
_INSERT = """
    INSERT INTO trust_ledgerentry (id, at, kind, subject, content, key_id, sealed, leaf_hash)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING number, digest, xid
"""


def entitle(kind: str, title: Any) -> str:
    """Give a kind of entry the name under which people read it on the ledger's page, and return the kind."""
    _titles[kind] = title
    return kind


def title_of(kind: str) -> str:
    """Return what people call a kind of entry; its code, if nobody has named it."""
    return str(_titles.get(kind, kind))


def append(
    kind: str,
    subject: str,
    content: dict[str, Any],
    *,
    personal: dict[str, Any] | None = None,
    about: UUID | None = None,
) -> LedgerEntry:
    """Append evidence in the current transaction, with one statement, and return it; the proof follows within seconds.

    ``kind`` is ``engine.what``; ``subject`` the public number of a thing, never of a person; ``content`` public facts, of
    which ``digest`` (hexadecimal) lets anyone look the entry up. ``personal`` is sealed under a key of the person
    ``about``, which erasure destroys. Raises ValueError.
    """
    if not _KIND.fullmatch(kind) or not subject or (personal is None) != (about is None):
        raise ValueError("An entry has a kind (engine.what) and a subject; what is personal says whom it is about.")
    entry = LedgerEntry(id=new_id(), at=now(), kind=kind, subject=subject, content=plain(content))
    if personal is not None and about is not None:
        entry.key_id, entry.sealed = _seal(entry.id, personal, about)
    entry.leaf_hash = leaf_hash(leaf_of(entry))
    row = [entry.id, entry.at, kind, subject, canonical(entry.content).decode(), entry.key_id, entry.sealed]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [*row, entry.leaf_hash])
        entry.number, entry.digest, entry.xid = cursor.fetchone()
    return entry


def leaf_of(entry: LedgerEntry) -> bytes:
    """Return the leaf: everything public, and the hash of the sealed part, which stays when its key is gone."""
    opened = {
        "id": str(entry.id),
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": entry.kind,
        "subject": entry.subject,
        "content": plain(entry.content),
    }
    sealed = provider().sm3(bytes(entry.sealed)) if entry.sealed else b""
    return leaf("entry", canonical(opened), sealed)


def personal_part(entry: LedgerEntry) -> dict[str, Any] | None:
    """Return the personal part of an entry, or nothing if it has none or its person was erased. Raises DecryptionFailed."""
    key = PersonKey.objects.filter(id=entry.key_id, destroyed_at=None).first() if entry.key_id else None
    if key is None or entry.sealed is None:
        return None
    sealed = bytes(entry.sealed)
    text = provider().sm4_gcm_decrypt(bytes.fromhex(key.key), sealed[:_NONCE], sealed[_NONCE:], entry.id.bytes)
    return json.loads(text)["personal"]


def _seal(entry_id: UUID, personal: dict[str, Any], about: UUID) -> tuple[UUID, bytes]:
    """Return the person's key and the personal part under it, bound to its entry and its person."""
    key, nonce = _key_of(about), os.urandom(_NONCE)
    text = canonical({"about": str(about), "personal": plain(personal)})
    return key.id, nonce + provider().sm4_gcm_encrypt(bytes.fromhex(key.key), nonce, text, entry_id.bytes)


def _key_of(person_id: UUID) -> PersonKey:
    """Return the person's key, making it when there is none; of two who make one at once, the first wins."""
    in_use = PersonKey.objects.filter(person_id=person_id, destroyed_at=None)
    found = in_use.first()
    if found is None:
        PersonKey.objects.bulk_create([PersonKey(person_id=person_id, key=os.urandom(16).hex())], ignore_conflicts=True)
        found = in_use.get()
    return found
