"""The kinds of keys that applications sign with: checking a value, a public key, making a shared tag."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.crypto.encoding import public_key_from_pem


def holds(kind: str, secret: str, public_key: str, told: bytes, value: bytes) -> bool:
    """Say whether a value is the signature of a text under a key of this kind."""
    if kind.startswith("hmac-"):
        return hmac.compare_digest(tag(kind, secret, told), value)
    if kind == "sm2-sm3":
        return len(value) == 64 and provider().sm2_verify(public_key_from_pem(public_key), told, value)
    key = load_pem_public_key(public_key.encode())
    try:
        assert isinstance(key, Ed25519PublicKey)
        key.verify(value, told)
    except InvalidSignature:
        return False
    return True


def tag(kind: str, secret: str, told: bytes) -> bytes:
    """Return the HMAC of a text under a shared secret, with SM3 or SHA-256."""
    if kind == "hmac-sm3":
        return provider().hmac_sm3(secret.encode(), told)
    return hmac.new(secret.encode(), told, hashlib.sha256).digest()


def readable(kind: str, public_key: str) -> bool:
    """Say whether a PEM text is a public key of this kind."""
    try:
        if kind == "sm2-sm3":
            return len(public_key_from_pem(public_key)) > 0
        return isinstance(load_pem_public_key(public_key.encode()), Ed25519PublicKey)
    except (ValueError, TypeError):
        return False
