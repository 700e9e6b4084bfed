"""National cryptography (国密) behind one provider: SM3, SM4, SM2, keys by purpose, blind indexes.

Callers say ``crypto.provider().sm3(data)``, ``crypto.seal(text, context)`` and ``crypto.blind_index(value, purpose)``;
which software or hardware does the work, and where the master key lies, is a matter of settings.
"""

from __future__ import annotations

from shuzheng.engines.trust.crypto.envelope import (
    blind_index,
    key_id_of,
    open_sealed,
    seal,
)
from shuzheng.engines.trust.crypto.keys import KeyRing, ring
from shuzheng.engines.trust.crypto.provider import (
    SM2_DEFAULT_ID,
    CryptoProvider,
    DecryptionFailed,
    Sm2KeyPair,
    provider,
    same,
)

__all__ = [
    "SM2_DEFAULT_ID",
    "CryptoProvider",
    "DecryptionFailed",
    "KeyRing",
    "Sm2KeyPair",
    "blind_index",
    "key_id_of",
    "open_sealed",
    "provider",
    "ring",
    "same",
    "seal",
]
