"""Text sealed for storage with the id of its key, and blind indexes to find it again."""

from __future__ import annotations

import base64
import binascii
import os
import unicodedata

from shuzheng.engines.trust.crypto.keys import ring
from shuzheng.engines.trust.crypto.provider import DecryptionFailed, provider

_NONCE = 12


def seal(text: str, context: str) -> str:
    """Return ``<key id>.<base64url(nonce ‖ ciphertext ‖ tag)>``: text under SM4-GCM, bound to its context.

    The context, e.g. ``identity.person.mobile``, chooses the key and is authenticated with it, so that a sealed text
    moved to another column does not open.
    """
    key_id = ring().current()
    nonce = os.urandom(_NONCE)
    sealed = provider().sm4_gcm_encrypt(_key(context, key_id), nonce, text.encode(), context.encode())
    return f"{key_id}.{base64.urlsafe_b64encode(nonce + sealed).decode('ascii')}"


def open_sealed(sealed: str, context: str) -> str:
    """Return the text. Raises DecryptionFailed, or UnknownKey when its master key has left the ring."""
    key_id, dot, body = sealed.partition(".")
    try:
        raw = base64.b64decode(body.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise DecryptionFailed from None
    if not dot or len(raw) < _NONCE:
        raise DecryptionFailed
    key = _key(context, key_id)
    return provider().sm4_gcm_decrypt(key, raw[:_NONCE], raw[_NONCE:], context.encode()).decode()


def key_id_of(sealed: str) -> str:
    """Return the id of the master key that a sealed text needs."""
    return sealed.partition(".")[0]


def _key(context: str, key_id: str) -> bytes:
    return ring().key(f"seal:{context}", key_id)[:16]


def blind_index(value: str, purpose: str) -> str:
    """Return 64 hex digits by which a sealed value can be looked up, without its being readable: HMAC-SM3.

    Equal values have equal indexes within one purpose, e.g. ``identity.person.id_number``, and unrelated ones across
    purposes. Width, case and blanks do not count (``１１０… x`` is ``110…X``).
    """
    normal = "".join(unicodedata.normalize("NFKC", value).split()).upper()
    return provider().hmac_sm3(ring().index_key(purpose), normal.encode()).hex()
