"""The provider's edges: damaged input is refused, encodings go both ways."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzheng.engines.trust.crypto import DecryptionFailed, encoding, provider

PAIR = provider().sm2_generate()
KEY, NONCE = bytes(16), bytes(12)
modest = settings(max_examples=40, deadline=None)


@modest
@given(st.binary(min_size=1, max_size=255))
def test_sm2_decrypts_what_it_encrypted_also_by_way_of_der(plaintext: bytes) -> None:
    raw = provider().sm2_encrypt(PAIR.public, plaintext)
    assert encoding.ciphertext_from_der(encoding.ciphertext_to_der(raw)) == raw
    assert provider().sm2_decrypt(PAIR.private, raw) == plaintext


@modest
@given(st.binary(max_size=300))
def test_sm2_signatures_survive_der_and_fail_when_a_bit_flips(message: bytes) -> None:
    raw = provider().sm2_sign(PAIR.private, message)
    assert encoding.signature_from_der(encoding.signature_to_der(raw)) == raw
    assert provider().sm2_verify(PAIR.public, message, raw)
    assert not provider().sm2_verify(PAIR.public, message, bytes([raw[0] ^ 1]) + raw[1:])


@pytest.mark.parametrize("signature", [b"", bytes(64), b"\xff" * 64, bytes(63), bytes(65)])
def test_a_malformed_signature_is_invalid_not_an_error(signature: bytes) -> None:
    assert provider().sm2_verify(PAIR.public, b"x", signature) is False


@pytest.mark.parametrize("public", [b"", bytes(65), b"\x04" + b"\xff" * 64, b"\x02" + bytes(64)])
def test_a_malformed_public_key_verifies_nothing(public: bytes) -> None:
    assert provider().sm2_verify(public, b"x", provider().sm2_sign(PAIR.private, b"x")) is False


@pytest.mark.parametrize("size", [0, 256])
def test_sm2_refuses_what_does_not_fit(size: int) -> None:
    with pytest.raises(ValueError, match="SM4"):
        provider().sm2_encrypt(PAIR.public, bytes(size))


@modest
@given(st.integers(0, 110), st.integers(1, 255))
def test_sm2_refuses_an_altered_ciphertext(place: int, change: int) -> None:
    raw = bytearray(provider().sm2_encrypt(PAIR.public, b"fifteen letters"))
    raw[place % len(raw)] ^= change
    with pytest.raises(DecryptionFailed):
        provider().sm2_decrypt(PAIR.private, bytes(raw))


@modest
@given(st.binary(max_size=200), st.binary(max_size=50), st.data())
def test_sm4_gcm_refuses_any_altered_byte_and_any_other_associated_data(
    plain: bytes, aad: bytes, data: st.DataObject
) -> None:
    sealed = bytearray(provider().sm4_gcm_encrypt(KEY, NONCE, plain, aad))
    assert provider().sm4_gcm_decrypt(KEY, NONCE, bytes(sealed), aad) == plain
    with pytest.raises(DecryptionFailed):
        provider().sm4_gcm_decrypt(KEY, NONCE, bytes(sealed), aad + b"!")
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(DecryptionFailed):
        provider().sm4_gcm_decrypt(KEY, NONCE, bytes(sealed), aad)


@pytest.mark.parametrize("aad_size", [0, 1, 14, 15, 0xFEFF, 0xFF00, 0x10001])
def test_sm4_ccm_takes_associated_data_of_any_length(aad_size: int) -> None:
    sealed = provider().sm4_ccm_encrypt(KEY, NONCE, b"text", bytes(aad_size))
    assert provider().sm4_ccm_decrypt(KEY, NONCE, sealed, bytes(aad_size)) == b"text"
    with pytest.raises(DecryptionFailed):
        provider().sm4_ccm_decrypt(KEY, NONCE, sealed, bytes(aad_size + 1))


def test_a_truncated_ciphertext_is_refused() -> None:
    with pytest.raises(DecryptionFailed):
        provider().sm4_gcm_decrypt(KEY, NONCE, b"short")
    with pytest.raises(DecryptionFailed):
        provider().sm4_ccm_decrypt(KEY, NONCE, b"short")


def test_a_message_too_long_for_its_ccm_nonce_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        provider().sm4_ccm_encrypt(KEY, bytes(13), bytes(1 << 16))


def test_keys_survive_pem() -> None:
    assert encoding.private_key_from_pem(encoding.private_key_to_pem(PAIR)) == PAIR
    assert encoding.public_key_from_pem(encoding.public_key_to_pem(PAIR.public)) == PAIR.public


@pytest.mark.parametrize(
    "pem", ["", "-----BEGIN PUBLIC KEY-----\n", "-----BEGIN PUBLIC KEY-----\n!!\n-----END PUBLIC KEY-----"]
)
def test_a_damaged_pem_is_refused(pem: str) -> None:
    with pytest.raises(ValueError):
        encoding.public_key_from_pem(pem)


@pytest.mark.parametrize("der", [b"", b"\x30\x00", encoding.signature_to_der(bytes(63) + b"\x01")])
def test_a_damaged_ciphertext_is_refused(der: bytes) -> None:
    with pytest.raises(ValueError):
        encoding.ciphertext_from_der(der)


def test_a_private_key_does_not_show_itself() -> None:
    assert PAIR.private.hex() not in repr(PAIR)
    assert str(PAIR.private) not in repr(PAIR)


def test_a_hmac_cut_shorter_than_128_bits_is_never_accepted() -> None:
    tag = provider().hmac_sm3(KEY, b"x")
    assert provider().hmac_sm3_matches(KEY, b"x", tag[:16])
    assert not provider().hmac_sm3_matches(KEY, b"x", tag[:15])
    assert not provider().hmac_sm3_matches(KEY, b"x", b"")
