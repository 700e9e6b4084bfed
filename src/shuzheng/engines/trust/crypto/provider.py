"""What every provider of national cryptography offers; a hardware module (HSM, 密码机) implements the same class."""

from __future__ import annotations

import hmac
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

#: The signer's distinguishing identifier when none was agreed (GB/T 32918.2, GM/T 0009 §10).
SM2_DEFAULT_ID = b"1234567812345678"


class DecryptionFailed(Exception):
    """The ciphertext was altered, or belongs to another key or another place."""


@dataclass(frozen=True, slots=True)
class Sm2KeyPair:
    """An SM2 key pair."""

    #: 32 bytes, or a provider's own reference to a key that never leaves its hardware.
    private: bytes = field(repr=False)
    #: Uncompressed point, ``04 ‖ x ‖ y``, 65 bytes.
    public: bytes


class CryptoProvider(ABC):
    """Primitives over bytes. Keys are opaque to callers, so that hardware may hand out references instead.

    Signatures are raw (``r ‖ s``, 64 bytes) and SM2 ciphertexts are raw (``C1 ‖ C3 ‖ C2`` without the leading 04);
    ``crypto.encoding`` turns both, and keys, into DER and PEM and back.
    """

    @abstractmethod
    def sm3(self, data: bytes) -> bytes:
        """Return the 32-byte SM3 digest (GB/T 32905)."""

    @abstractmethod
    def sm3_of(self, chunks: Iterable[bytes]) -> bytes:
        """Return the SM3 digest of chunks in sequence, for files that do not fit in memory."""

    @abstractmethod
    def hmac_sm3(self, key: bytes, data: bytes) -> bytes:
        """Return the 32-byte HMAC (RFC 2104) with SM3."""

    @abstractmethod
    def sm4_gcm_encrypt(self, key: bytes, nonce: bytes, plaintext: bytes, aad: bytes = b"") -> bytes:
        """Return ciphertext ‖ 16-byte tag (GB/T 32907, SP 800-38D).

        The key has 16 bytes, the nonce 8 to 128 (12 unless a counterpart demands otherwise). Raises ValueError.
        """

    @abstractmethod
    def sm4_gcm_decrypt(self, key: bytes, nonce: bytes, sealed: bytes, aad: bytes = b"") -> bytes:
        """Return the plaintext of ciphertext ‖ tag. Raises DecryptionFailed, ValueError."""

    @abstractmethod
    def sm4_ccm_encrypt(
        self, key: bytes, nonce: bytes, plaintext: bytes, aad: bytes = b"", tag_size: int = 16
    ) -> bytes:
        """Return ciphertext ‖ tag (RFC 8998, SP 800-38C); nonce of 7 to 13 bytes, even tag of 4 to 16. Raises ValueError."""

    @abstractmethod
    def sm4_ccm_decrypt(self, key: bytes, nonce: bytes, sealed: bytes, aad: bytes = b"", tag_size: int = 16) -> bytes:
        """Return the plaintext of ciphertext ‖ tag. Raises DecryptionFailed, ValueError."""

    @abstractmethod
    def sm2_generate(self) -> Sm2KeyPair:
        """Return a new key pair."""

    @abstractmethod
    def sm2_sign(self, private: bytes, data: bytes) -> bytes:
        """Return the raw signature of data with SM3 and the default identifier (GB/T 32918.2)."""

    @abstractmethod
    def sm2_verify(self, public: bytes, data: bytes, signature: bytes) -> bool:
        """Say whether a raw signature is valid; malformed signatures and keys are invalid, never an error."""

    @abstractmethod
    def sm2_encrypt(self, public: bytes, plaintext: bytes) -> bytes:
        """Return the raw ciphertext of 1 to 255 bytes; longer data is for SM4. Raises ValueError (GB/T 32918.4)."""

    @abstractmethod
    def sm2_decrypt(self, private: bytes, ciphertext: bytes) -> bytes:
        """Return the plaintext of a raw ciphertext. Raises DecryptionFailed."""

    def hmac_sm3_matches(self, key: bytes, data: bytes, tag: bytes) -> bool:
        """Say in constant time whether a tag of 16 to 32 bytes is the (truncated) HMAC of data."""
        return 16 <= len(tag) <= 32 and same(self.hmac_sm3(key, data)[: len(tag)], tag)


def same(one: bytes, other: bytes) -> bool:
    """Compare secrets in constant time."""
    return hmac.compare_digest(one, other)


@cache
def provider() -> CryptoProvider:
    """Return the provider that ``SHUZHENG_CRYPTO_PROVIDER`` names (default: software)."""
    return import_string(settings.SHUZHENG_CRYPTO_PROVIDER)()
