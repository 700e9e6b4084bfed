"""Digests and signatures by their object identifiers: national ones, and those that time-stamping authorities still use."""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from shuzheng.engines.documents.seals.ses import SM2_WITH_SM3, SM3
from shuzheng.engines.trust.crypto import SM2_DEFAULT_ID, provider
from shuzheng.engines.trust.crypto.encoding import signature_from_der

SHA256 = "2.16.840.1.101.3.4.2.1"
#: ECDSA with SHA-256, for keys on P-256.
ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2"
RSA_WITH_SHA256 = "1.2.840.113549.1.1.11"
#: SHA-1 and MD5 are absent: a digest that can be forged proves nothing.
_DIGESTS = {SHA256: "sha256", "2.16.840.1.101.3.4.2.2": "sha384", "2.16.840.1.101.3.4.2.3": "sha512"}
_ECDSA: dict[str, hashes.HashAlgorithm] = {
    ECDSA_WITH_SHA256: hashes.SHA256(),
    "1.2.840.10045.4.3.3": hashes.SHA384(),
    "1.2.840.10045.4.3.4": hashes.SHA512(),
}
_RSA: dict[str, hashes.HashAlgorithm] = {
    RSA_WITH_SHA256: hashes.SHA256(),
    "1.2.840.113549.1.1.12": hashes.SHA384(),
    "1.2.840.113549.1.1.13": hashes.SHA512(),
}
#: Names of a key alone, which CMS puts where the method of signing stands; the digest beside it says the rest.
_BY_KEY: dict[str, dict[str, str]] = {
    "1.2.156.10197.1.301": {SM3: SM2_WITH_SM3},
    "1.2.156.10197.1.301.1": {SM3: SM2_WITH_SM3},
    "1.2.840.10045.2.1": {SM3: SM2_WITH_SM3, **dict(zip(_DIGESTS, _ECDSA, strict=True))},
    "1.2.840.113549.1.1.1": dict(zip(_DIGESTS, _RSA, strict=True)),
}

#: a ‖ b ‖ xG ‖ yG of the SM2 curve, which stand in the digest Z of the signer (GB/T 32918.2 §5.5).
_CURVE = bytes.fromhex(
    "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC"
    "28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93"
    "32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7"
    "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0"
)


def digest(algorithm: str, data: bytes) -> bytes:
    """Return the digest that an identifier names. Raises ValueError for one that is unknown or unsafe."""
    if algorithm == SM3:
        return provider().sm3(data)
    if algorithm not in _DIGESTS:
        raise ValueError(f"No digest that is relied on: {algorithm}")
    return hashlib.new(_DIGESTS[algorithm], data).digest()


def method(signature: str, digested: str) -> str:
    """Return the method of signing that CMS means by the identifiers of signature and digest."""
    return _BY_KEY.get(signature, {}).get(digested, signature)


def sm2_digest(public_key: bytes, data: bytes) -> bytes:
    """Return e = SM3(Z ‖ M) with the default identifier, which is what hardware signs (GB/T 32918.2 §6.1)."""
    identity = (len(SM2_DEFAULT_ID) * 8).to_bytes(2, "big") + SM2_DEFAULT_ID
    return provider().sm3(provider().sm3(identity + _CURVE + public_key[1:]) + data)


def sm2_verifies(public_key: bytes, data: bytes, signature: bytes) -> bool:
    """Say whether a DER signature is valid; one in another encoding than DER's is not."""
    try:
        raw = signature_from_der(signature)
    except ValueError:
        return False
    return len(public_key) == 65 and provider().sm2_verify(public_key, data, raw)


def verifies(algorithm: str, key_info: bytes, data: bytes, signature: bytes) -> bool:
    """Say whether a signature by ECDSA or RSA is valid; ``key_info`` is the SubjectPublicKeyInfo (DER)."""
    try:
        key = load_der_public_key(key_info)
        if algorithm in _ECDSA and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(_ECDSA[algorithm]))
        elif algorithm in _RSA and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), _RSA[algorithm])
        else:
            return False
    except (ValueError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
