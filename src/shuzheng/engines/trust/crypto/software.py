"""National cryptography in software: SM3 and SM4 by OpenSSL (``cryptography``), SM2 by GmSSL (``gmssl-fast``)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import gmssl_fast
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SM3, Hash

from shuzheng.engines.trust.crypto import ccm
from shuzheng.engines.trust.crypto.provider import CryptoProvider, DecryptionFailed, Sm2KeyPair

_TAG = 16
#: Bytes from which OpenSSL's SM3 overtakes GmSSL's.
_LONG = 2048
#: GmSSL's buffer for one SM2 ciphertext.
_SM2_LIMIT = 255


class SoftwareProvider(CryptoProvider):
    """The provider of an installation without a hardware module."""

    def sm3(self, data: bytes) -> bytes:
        """Return the digest: short data by the library with the cheaper call, long data by the one with the faster loop."""
        return gmssl_fast.sm3(data) if len(data) < _LONG else self.sm3_of([data])

    def sm3_of(self, chunks: Iterable[bytes]) -> bytes:
        """Return the digest of chunks."""
        digest = Hash(SM3())
        for chunk in chunks:
            digest.update(chunk)
        return digest.finalize()

    def hmac_sm3(self, key: bytes, data: bytes) -> bytes:
        """Return the HMAC."""
        return gmssl_fast.sm3_hmac(key, data)

    def sm4_gcm_encrypt(self, key: bytes, nonce: bytes, plaintext: bytes, aad: bytes = b"") -> bytes:
        """Return ciphertext ‖ tag."""
        work = Cipher(SM4(key), GCM(nonce)).encryptor()
        if aad:
            work.authenticate_additional_data(aad)
        return work.update(plaintext) + work.finalize() + work.tag

    def sm4_gcm_decrypt(self, key: bytes, nonce: bytes, sealed: bytes, aad: bytes = b"") -> bytes:
        """Return the plaintext."""
        if len(sealed) < _TAG:
            raise DecryptionFailed
        work = Cipher(SM4(key), GCM(nonce, sealed[-_TAG:])).decryptor()
        if aad:
            work.authenticate_additional_data(aad)
        try:
            return work.update(sealed[:-_TAG]) + work.finalize()
        except InvalidTag:
            raise DecryptionFailed from None

    def sm4_ccm_encrypt(
        self, key: bytes, nonce: bytes, plaintext: bytes, aad: bytes = b"", tag_size: int = 16
    ) -> bytes:
        """Return ciphertext ‖ tag."""
        return ccm.encrypt(key, nonce, plaintext, aad, tag_size)

    def sm4_ccm_decrypt(self, key: bytes, nonce: bytes, sealed: bytes, aad: bytes = b"", tag_size: int = 16) -> bytes:
        """Return the plaintext."""
        return ccm.decrypt(key, nonce, sealed, aad, tag_size)

    def sm2_generate(self) -> Sm2KeyPair:
        """Return a new key pair."""
        pair = gmssl_fast.SM2.generate()
        return Sm2KeyPair(bytes.fromhex(pair.private_key_hex or ""), bytes.fromhex(pair.public_key_hex or ""))

    def sm2_sign(self, private: bytes, data: bytes) -> bytes:
        """Return the raw signature."""
        return _signer(private).sign(data)

    def sm2_verify(self, public: bytes, data: bytes, signature: bytes) -> bool:
        """Say whether the raw signature is valid."""
        try:
            return len(signature) == 64 and _verifier(public).verify(data, signature)
        except (ValueError, gmssl_fast.GmsslError):
            return False

    def sm2_encrypt(self, public: bytes, plaintext: bytes) -> bytes:
        """Return the raw ciphertext."""
        if not 1 <= len(plaintext) <= _SM2_LIMIT:
            raise ValueError(f"SM2 encrypts 1 to {_SM2_LIMIT} bytes, not {len(plaintext)}; use SM4 for more.")
        return _verifier(public).encrypt(plaintext)

    def sm2_decrypt(self, private: bytes, ciphertext: bytes) -> bytes:
        """Return the plaintext."""
        try:
            return _signer(private).decrypt(ciphertext)
        except (ValueError, gmssl_fast.GmsslError):
            raise DecryptionFailed from None


@lru_cache(maxsize=64)
def _signer(private: bytes) -> gmssl_fast.SM2:
    return gmssl_fast.SM2(private_key=private.hex())


@lru_cache(maxsize=1024)
def _verifier(public: bytes) -> gmssl_fast.SM2:
    return gmssl_fast.SM2(public_key=public.hex())
