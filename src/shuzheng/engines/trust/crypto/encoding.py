"""SM2 signatures, ciphertexts and keys in the forms that other software reads: DER (GM/T 0009) and PEM (RFC 5480, 5208)."""

from __future__ import annotations

from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from shuzheng.engines.trust.crypto.pem import from_pem, to_pem
from shuzheng.engines.trust.crypto.provider import Sm2KeyPair

#: ``AlgorithmIdentifier { id-ecPublicKey, sm2p256v1 }`` (GB/T 33560).
_ALGORITHM = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d")
_PUBLIC = bytes.fromhex("3059") + _ALGORITHM + bytes.fromhex("034200")
_PRIVATE = bytes.fromhex("308187020100") + _ALGORITHM + bytes.fromhex("046d306b0201010420")
_PRIVATE_POINT = bytes.fromhex("a144034200")


@asn1.sequence
class _Ciphertext:
    x: int
    y: int
    hash: bytes
    text: bytes


def signature_to_der(raw: bytes) -> bytes:
    """Return ``SEQUENCE { r, s }`` of ``r ‖ s``. Raises ValueError."""
    if len(raw) != 64:
        raise ValueError(f"A raw SM2 signature has 64 bytes, not {len(raw)}.")
    return encode_dss_signature(_number(raw[:32]), _number(raw[32:]))


def signature_from_der(der: bytes) -> bytes:
    """Return ``r ‖ s`` of ``SEQUENCE { r, s }``. Raises ValueError."""
    r, s = decode_dss_signature(der)
    return _scalar(r) + _scalar(s)


def ciphertext_to_der(raw: bytes) -> bytes:
    """Return ``SEQUENCE { x, y, C3, C2 }`` of ``x ‖ y ‖ C3 ‖ C2`` (GM/T 0009 §7.2). Raises ValueError."""
    if len(raw) <= 96:
        raise ValueError("A raw SM2 ciphertext has more than 96 bytes.")
    return asn1.encode_der(_Ciphertext(x=_number(raw[:32]), y=_number(raw[32:64]), hash=raw[64:96], text=raw[96:]))


def ciphertext_from_der(der: bytes) -> bytes:
    """Return ``x ‖ y ‖ C3 ‖ C2`` of ``SEQUENCE { x, y, C3, C2 }``. Raises ValueError."""
    parts = asn1.decode_der(_Ciphertext, der)
    if len(parts.hash) != 32:
        raise ValueError("The hash in an SM2 ciphertext has 32 bytes.")
    return _scalar(parts.x) + _scalar(parts.y) + parts.hash + parts.text


def public_key_to_pem(public: bytes) -> str:
    """Return a public key as SubjectPublicKeyInfo in PEM. Raises ValueError."""
    if len(public) != 65 or public[0] != 4:
        raise ValueError("An SM2 public key is 04 ‖ x ‖ y, 65 bytes.")
    return to_pem("PUBLIC KEY", _PUBLIC + public)


def public_key_from_pem(pem: str) -> bytes:
    """Return ``04 ‖ x ‖ y`` of a SubjectPublicKeyInfo in PEM. Raises ValueError."""
    der = from_pem("PUBLIC KEY", pem)
    if not der.startswith(_PUBLIC) or len(der) != len(_PUBLIC) + 65:
        raise ValueError("This is not an SM2 public key.")
    return der[-65:]


def private_key_to_pem(pair: Sm2KeyPair) -> str:
    """Return a key pair as PKCS #8 in PEM, unencrypted: for tests and for handing a key to a hardware module."""
    return to_pem("PRIVATE KEY", _PRIVATE + pair.private + _PRIVATE_POINT + pair.public)


def private_key_from_pem(pem: str) -> Sm2KeyPair:
    """Return the key pair of a PKCS #8 private key that carries its public point. Raises ValueError."""
    der = from_pem("PRIVATE KEY", pem)
    key, point = der[len(_PRIVATE) : len(_PRIVATE) + 32], der[len(_PRIVATE) + 32 :]
    if not der.startswith(_PRIVATE) or not point.startswith(_PRIVATE_POINT) or len(point) != len(_PRIVATE_POINT) + 65:
        raise ValueError("This is not an SM2 private key with its public point.")
    return Sm2KeyPair(key, point[-65:])


def _number(raw: bytes) -> int:
    return int.from_bytes(raw, "big")


def _scalar(number: int) -> bytes:
    if not 0 <= number < 1 << 256:
        raise ValueError("An SM2 number has 256 bits.")
    return number.to_bytes(32, "big")
