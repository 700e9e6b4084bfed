"""Where keys of seals live: an interface that hardware and software fill, chosen by ``SHUZHENG_SEAL_KEYS``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cache, lru_cache
from typing import Literal

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.seals.models import SealKey
from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.crypto.encoding import signature_to_der
from shuzheng.kernel.error import Unavailable
from shuzheng.kernel.moment import now

Algorithm = Literal["sm2", "p256"]


class SealKeys(ABC):
    """Keeps private keys and signs with them; nobody else ever sees one.

    Signatures are DER ``r, s``: SM2 with SM3 and the default identifier, or ECDSA with SHA-256.
    """

    @abstractmethod
    def generate(self, algorithm: Algorithm) -> SealKey:
        """Return the row of a new key. Raises KeysExhausted."""

    @abstractmethod
    def sign(self, key: SealKey, data: bytes) -> bytes:
        """Sign data. Raises KeyGone for a destroyed key."""

    def destroy(self, key: SealKey) -> None:
        """Make a key useless for good."""
        key.private_key, key.destroyed_at = "", now()
        key.save(update_fields=["private_key", "destroyed_at"])


class KeyGone(Exception):
    """The key was destroyed with its seal."""


class KeysExhausted(Unavailable):
    """The hardware has no place for another key, or knows no keys of this kind."""

    code = "seal-keys-exhausted"
    message = _("密码机没有可用的密钥位置，或不支持这种密钥，没有制章。请联系运维人员。")


class SoftwareKeys(SealKeys):
    """Keys sealed in the database under the key ring, for installations without a cipher machine."""

    def generate(self, algorithm: Algorithm) -> SealKey:
        """Make a pair."""
        private, public = _sm2_pair() if algorithm == "sm2" else _p256_pair()
        return SealKey.objects.create(algorithm=algorithm, public_key=public, private_key=private.hex())

    def sign(self, key: SealKey, data: bytes) -> bytes:
        """Sign in memory."""
        if not key.private_key:
            raise KeyGone
        private = bytes.fromhex(key.private_key)
        if key.algorithm == "sm2":
            return signature_to_der(provider().sm2_sign(private, data))
        return _p256(private).sign(data, ec.ECDSA(SHA256()))


@cache
def seal_keys() -> SealKeys:
    """Return the keys of this installation."""
    return import_string(settings.SHUZHENG_SEAL_KEYS)()


def _sm2_pair() -> tuple[bytes, bytes]:
    pair = provider().sm2_generate()
    return pair.private, pair.public


def _p256_pair() -> tuple[bytes, bytes]:
    made = ec.generate_private_key(ec.SECP256R1())
    public = made.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return made.private_numbers().private_value.to_bytes(32, "big"), public


@lru_cache(maxsize=64)
def _p256(private: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(private, "big"), ec.SECP256R1())
