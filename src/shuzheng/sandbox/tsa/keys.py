"""The sandbox's own authority, and the keys that it certifies for time stamps: SM2, ECDSA and RSA."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from asn1crypto import algos, keys, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shuzheng.engines.documents.seals.algorithms import ECDSA_WITH_SHA256, RSA_WITH_SHA256, SHA256
from shuzheng.engines.documents.seals.ses import SM2_WITH_SM3, SM3
from shuzheng.engines.documents.seals.x509 import AUTHORITY_USES, Subject, Terms, certificate_content, key_info
from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.crypto.encoding import signature_to_der

Variant = Literal["sm2", "p256", "rsa"]
ROOT = Subject("沙箱时间戳根证书（仅供测试）", "沙箱时间戳机构")
STAMPER = Subject("沙箱时间戳机构（仅供测试）", "沙箱时间戳机构")
YEARS = timedelta(days=3652)
SIGNING = frozenset({"digital_signature", "non_repudiation"})


@dataclass(frozen=True)
class Key:
    """A key pair that only signs."""

    info: keys.PublicKeyInfo
    #: Identifier of the method of signing, and of the digest that goes with it.
    method: str
    digest: str
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True)
class Stamper:
    """A key that is certified, with the root above it (DER)."""

    key: Key
    certificate: bytes
    root: bytes


def generate(variant: Variant) -> Key:
    """Return a new key pair."""
    if variant == "sm2":
        return _sm2()
    made = ec.generate_private_key(ec.SECP256R1()) if variant == "p256" else rsa.generate_private_key(65537, 2048)

    def sign(data: bytes) -> bytes:
        if isinstance(made, rsa.RSAPrivateKey):
            return made.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return made.sign(data, ec.ECDSA(hashes.SHA256()))

    info = made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    method = ECDSA_WITH_SHA256 if variant == "p256" else RSA_WITH_SHA256
    return Key(keys.PublicKeyInfo.load(info), method, SHA256, sign)


def _sm2() -> Key:
    pair = provider().sm2_generate()

    def sign(data: bytes) -> bytes:
        return signature_to_der(provider().sm2_sign(pair.private, data))

    return Key(key_info("sm2", pair.public), SM2_WITH_SM3, SM3, sign)


def certified(
    variant: Variant,
    *,
    purposes: tuple[str, ...] = ("time_stamping",),
    begins: datetime | None = None,
    ends: datetime | None = None,
) -> Stamper:
    """Return a key for time stamps under a root of its own; tests ask for purposes and periods that are wrong."""
    start = begins or datetime.now(UTC) - timedelta(minutes=5)
    root, own = generate(variant), generate(variant)
    above = _certificate(ROOT, root, Terms(_serial(), start, start + YEARS, True, AUTHORITY_USES), root)
    terms = Terms(_serial(), start, ends or start + YEARS, uses=SIGNING, purposes=purposes)
    return Stamper(own, _certificate(STAMPER, own, terms, root), above)


def _certificate(subject: Subject, key: Key, terms: Terms, issuer: Key) -> bytes:
    told = certificate_content(
        subject,
        key.info,
        terms,
        issuer=ROOT,
        identifiers=(key.info["public_key"].dump(), issuer.info["public_key"].dump()),
        algorithm=issuer.method,
    )
    fields = {
        "tbs_certificate": told,
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": issuer.method}),
        "signature_value": issuer.sign(told.dump()),
    }
    return x509.Certificate(fields).dump()


def _serial() -> int:
    return secrets.randbits(126) | 1 << 126
