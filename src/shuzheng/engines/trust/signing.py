"""Signatures that the platform itself gives, with SM2 key pairs kept per purpose."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db import connection, transaction

from shuzheng.engines.trust.crypto import DecryptionFailed, Sm2KeyPair, open_sealed, provider, seal
from shuzheng.engines.trust.crypto.keys import UnknownKey
from shuzheng.engines.trust.models import SigningKey
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now


@dataclass(frozen=True)
class Signature:
    """A raw SM2 signature and the key that gave it."""

    key_id: UUID
    #: ``r ‖ s``.
    value: bytes
    #: Public key of that key, ``04 ‖ x ‖ y``.
    public: bytes = b""


def sign(purpose: str, data: bytes) -> Signature:
    """Sign data with the newest key of a purpose, which is made when there is none."""
    row = _newest(purpose) or _make(purpose)
    pair = _open(row)
    return Signature(row.id, provider().sm2_sign(pair.private, data), pair.public)


def authentic(purpose: str) -> list[bytes]:
    """Return the public keys that we ever made for a purpose, the newest first; the first is made when there is none."""
    ids = list(SigningKey.objects.filter(purpose=purpose).order_by("-id").values_list("id", flat=True))
    found = (_authentic(key_id, purpose) for key_id in ids or [_make(purpose).id])
    return [public for public in found if public]


def verify(purpose: str, data: bytes, signature: Signature) -> bool:
    """Say whether a signature was given by a key of ours for this purpose.

    The public key alone is not believed: it must belong to a private key sealed under the master key, so that nobody
    who can only write to the database can slip in a key of their own.
    """
    public = _authentic(signature.key_id, purpose)
    return public is not None and provider().sm2_verify(public, data, signature.value)


def rotate(purpose: str) -> UUID:
    """Make a new key for a purpose; older ones remain for verifying. Returns its id."""
    return _make(purpose).id


def _newest(purpose: str) -> SigningKey | None:
    return SigningKey.objects.filter(purpose=purpose).order_by("-id").first()


@transaction.atomic
def _make(purpose: str) -> SigningKey:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"trust.signing:{purpose}"])
    pair = provider().sm2_generate()
    sealed = seal(pair.private.hex(), _context(purpose, pair.public))
    return SigningKey.objects.create(
        id=new_id(), purpose=purpose, public_key=pair.public, sealed_private_key=sealed, created_at=now()
    )


def _context(purpose: str, public: bytes) -> str:
    return f"trust.signing:{purpose}:{public.hex()}"


def _open(row: SigningKey) -> Sm2KeyPair:
    public = bytes(row.public_key)
    return Sm2KeyPair(bytes.fromhex(open_sealed(row.sealed_private_key, _context(row.purpose, public))), public)


@lru_cache(maxsize=64)
def _authentic(key_id: UUID, purpose: str) -> bytes | None:
    """Return the public key of a purpose's key, or nothing if it is not one that we made."""
    row = SigningKey.objects.filter(id=key_id, purpose=purpose).first()
    try:
        return _open(row).public if row else None
    except (DecryptionFailed, UnknownKey):
        return None
