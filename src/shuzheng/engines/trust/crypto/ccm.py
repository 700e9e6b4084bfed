"""SM4 in CCM mode (SP 800-38C, RFC 8998), composed of the library's CBC and CTR modes, which offer no CCM for SM4."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import CBC, CTR

from shuzheng.engines.trust.crypto.provider import DecryptionFailed, same

_BLOCK = 16


def encrypt(key: bytes, nonce: bytes, plaintext: bytes, aad: bytes, tag_size: int) -> bytes:
    """Return ciphertext ‖ tag. Raises ValueError for sizes that the mode does not define."""
    _refuse_bad_sizes(nonce, len(plaintext), tag_size)
    mask, ciphertext = _keystream(key, nonce, plaintext)
    return ciphertext + _xor(_mac(key, nonce, plaintext, aad, tag_size), mask)[:tag_size]


def decrypt(key: bytes, nonce: bytes, sealed: bytes, aad: bytes, tag_size: int) -> bytes:
    """Return the plaintext. Raises DecryptionFailed, or ValueError for sizes that the mode does not define."""
    _refuse_bad_sizes(nonce, len(sealed) - tag_size, tag_size)
    if len(sealed) < tag_size:
        raise DecryptionFailed
    ciphertext, tag = sealed[:-tag_size], sealed[-tag_size:]
    mask, plaintext = _keystream(key, nonce, ciphertext)
    if not same(_xor(_mac(key, nonce, plaintext, aad, tag_size), mask)[:tag_size], tag):
        raise DecryptionFailed
    return plaintext


def _refuse_bad_sizes(nonce: bytes, length: int, tag_size: int) -> None:
    if not 7 <= len(nonce) <= 13:
        raise ValueError(f"A CCM nonce has 7 to 13 bytes, not {len(nonce)}.")
    if tag_size not in (4, 6, 8, 10, 12, 14, 16):
        raise ValueError(f"A CCM tag has an even number of 4 to 16 bytes, not {tag_size}.")
    if length >= 1 << (8 * (15 - len(nonce))):
        raise ValueError("The message is too long for a nonce of this size.")


def _keystream(key: bytes, nonce: bytes, data: bytes) -> tuple[bytes, bytes]:
    """Return the first keystream block, which hides the tag, and data combined with the following ones."""
    counter = bytes([14 - len(nonce)]) + nonce + bytes(15 - len(nonce))
    work = Cipher(SM4(key), CTR(counter)).encryptor()
    return work.update(bytes(_BLOCK)), work.update(data) + work.finalize()


def _mac(key: bytes, nonce: bytes, plaintext: bytes, aad: bytes, tag_size: int) -> bytes:
    """Return the CBC-MAC of the first block, the associated data and the plaintext, each padded with zeros."""
    size = 15 - len(nonce)
    flags = (0x40 if aad else 0) | ((tag_size - 2) // 2 << 3) | (size - 1)
    blocks = bytes([flags]) + nonce + len(plaintext).to_bytes(size, "big") + _pad(_length(aad) + aad) + _pad(plaintext)
    work = Cipher(SM4(key), CBC(bytes(_BLOCK))).encryptor()
    return (work.update(blocks) + work.finalize())[-_BLOCK:]


def _length(aad: bytes) -> bytes:
    """Return the encoded length of the associated data (SP 800-38C A.2.2)."""
    if not aad:
        return b""
    if len(aad) < 0xFF00:
        return len(aad).to_bytes(2, "big")
    return b"\xff\xfe" + len(aad).to_bytes(4, "big")


def _pad(data: bytes) -> bytes:
    return data + bytes(-len(data) % _BLOCK)


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
