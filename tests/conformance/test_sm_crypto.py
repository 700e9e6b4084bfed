"""National cryptography against Wycheproof's vectors and the ``openssl`` command."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.trust.crypto import SM2_DEFAULT_ID, DecryptionFailed, Sm2KeyPair, encoding
from shuzheng.engines.trust.crypto.software import SoftwareProvider

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "sm-crypto"
CRYPTO = SoftwareProvider()
#: Nonce sizes in bytes that the software provider takes; the vectors' own notes allow a library to refuse others.
GCM_NONCES = range(8, 129)

needs_vectors = pytest.mark.skipif(not VECTORS.is_dir(), reason=f"no vectors in {VECTORS}")
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")


def vectors(name: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield (group, test) of a file of vectors, every hexadecimal field as bytes."""
    for group in json.loads((VECTORS / name).read_text())["testGroups"]:
        for test in group["tests"]:
            yield (
                group,
                {k: bytes.fromhex(v) if k in {"key", "iv", "aad", "msg", "ct", "tag"} else v for k, v in test.items()},
            )


@needs_vectors
def test_hmac_sm3_agrees_with_every_vector() -> None:
    count = 0
    for _group, test in vectors("hmac_sm3_test.json"):
        assert CRYPTO.hmac_sm3_matches(test["key"], test["msg"], test["tag"]) is (test["result"] == "valid"), test[
            "tcId"
        ]
        count += 1
    assert count == 174


@needs_vectors
def test_sm4_gcm_agrees_with_every_vector() -> None:
    outcomes = {"right": 0, "refused": 0, "unsupported nonce": 0}
    for _group, test in vectors("sm4_gcm_test.json"):
        if len(test["iv"]) not in GCM_NONCES:
            with pytest.raises(ValueError):
                CRYPTO.sm4_gcm_encrypt(test["key"], test["iv"], test["msg"], test["aad"])
            with pytest.raises(ValueError):
                CRYPTO.sm4_gcm_decrypt(test["key"], test["iv"], test["ct"] + test["tag"], test["aad"])
            outcomes["unsupported nonce"] += 1
            continue
        expect_aead(CRYPTO.sm4_gcm_encrypt, CRYPTO.sm4_gcm_decrypt, test)
        outcomes["right" if test["result"] == "valid" else "refused"] += 1
    assert outcomes == {"right": 66, "refused": 27, "unsupported nonce": 11}


@needs_vectors
def test_sm4_ccm_agrees_with_every_vector() -> None:
    outcomes = {"right": 0, "refused": 0, "undefined size": 0}
    for group, test in vectors("sm4_ccm_test.json"):
        size = group["tagSize"] // 8
        if {"InvalidNonceSize", "InvalidTagSize", "InsecureTagSize"} & set(test["flags"]):
            with pytest.raises(ValueError):
                CRYPTO.sm4_ccm_decrypt(test["key"], test["iv"], test["ct"] + test["tag"], test["aad"], size)
            outcomes["undefined size"] += 1
            continue
        expect_aead(CRYPTO.sm4_ccm_encrypt, CRYPTO.sm4_ccm_decrypt, test, size)
        outcomes["right" if test["result"] == "valid" else "refused"] += 1
    assert outcomes == {"right": 135, "refused": 27, "undefined size": 22}


def expect_aead(encrypt: Callable[..., bytes], decrypt: Callable[..., bytes], test: dict[str, Any], *size: int) -> None:
    """Expect a vector's ciphertext and plaintext, or, of an invalid one, that nothing is decrypted."""
    sealed = test["ct"] + test["tag"]
    if test["result"] == "valid":
        assert encrypt(test["key"], test["iv"], test["msg"], test["aad"], *size) == sealed, test["tcId"]
        assert decrypt(test["key"], test["iv"], sealed, test["aad"], *size) == test["msg"], test["tcId"]
        return
    with pytest.raises(DecryptionFailed):
        decrypt(test["key"], test["iv"], sealed, test["aad"], *size)


def test_sm3_agrees_with_the_standards_examples() -> None:
    abc = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    repeated = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    assert CRYPTO.sm3(b"abc").hex() == abc
    assert CRYPTO.sm3(b"abcd" * 16).hex() == repeated
    assert CRYPTO.sm3_of([b"abcd"] * 16).hex() == repeated


# -- SM2 and the openssl command ---------------------------------------------------------------------------


def openssl(folder: Path, *arguments: str, expect: int = 0) -> bytes:
    """Run openssl in a folder and return what it printed."""
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, timeout=30, check=False)
    assert done.returncode == expect, done.stderr.decode()
    return done.stdout


@pytest.fixture
def pair(tmp_path: Path) -> Sm2KeyPair:
    """A key pair, with ``key.pem`` and ``public.pem`` in the test's folder."""
    made = CRYPTO.sm2_generate()
    (tmp_path / "key.pem").write_text(encoding.private_key_to_pem(made))
    (tmp_path / "public.pem").write_text(encoding.public_key_to_pem(made.public))
    return made


@needs_openssl
def test_openssl_accepts_our_signature_and_rejects_it_for_another_message(tmp_path: Path, pair: Sm2KeyPair) -> None:
    message = "赣州市章贡区行政审批局".encode()
    (tmp_path / "signature").write_bytes(encoding.signature_to_der(CRYPTO.sm2_sign(pair.private, message)))
    verify = (
        "dgst",
        "-sm3",
        "-verify",
        "public.pem",
        "-sigopt",
        f"distid:{SM2_DEFAULT_ID.decode()}",
        "-signature",
        "signature",
    )
    (tmp_path / "message").write_bytes(message)
    assert b"Verified OK" in openssl(tmp_path, *verify, "message")
    (tmp_path / "message").write_bytes(message + b"!")
    openssl(tmp_path, *verify, "message", expect=1)


@needs_openssl
def test_we_accept_openssls_signature_and_reject_it_for_another_message(tmp_path: Path, pair: Sm2KeyPair) -> None:
    (tmp_path / "message").write_bytes(b"decision")
    openssl(
        tmp_path,
        "dgst",
        "-sm3",
        "-sign",
        "key.pem",
        "-sigopt",
        f"distid:{SM2_DEFAULT_ID.decode()}",
        "-out",
        "signature",
        "message",
    )
    raw = encoding.signature_from_der((tmp_path / "signature").read_bytes())
    assert CRYPTO.sm2_verify(pair.public, b"decision", raw)
    assert not CRYPTO.sm2_verify(pair.public, b"decision!", raw)
    assert not CRYPTO.sm2_verify(CRYPTO.sm2_generate().public, b"decision", raw)


@needs_openssl
def test_openssl_decrypts_what_we_encrypt_and_we_what_openssl_encrypts(tmp_path: Path, pair: Sm2KeyPair) -> None:
    (tmp_path / "ours").write_bytes(encoding.ciphertext_to_der(CRYPTO.sm2_encrypt(pair.public, b"session key")))
    assert openssl(tmp_path, "pkeyutl", "-decrypt", "-inkey", "key.pem", "-in", "ours") == b"session key"
    (tmp_path / "plain").write_bytes(b"from outside")
    openssl(tmp_path, "pkeyutl", "-encrypt", "-pubin", "-inkey", "public.pem", "-in", "plain", "-out", "theirs")
    theirs = encoding.ciphertext_from_der((tmp_path / "theirs").read_bytes())
    assert CRYPTO.sm2_decrypt(pair.private, theirs) == b"from outside"


@needs_openssl
def test_we_read_a_key_that_openssl_made(tmp_path: Path) -> None:
    openssl(tmp_path, "genpkey", "-algorithm", "SM2", "-out", "key.pem")
    openssl(tmp_path, "pkey", "-in", "key.pem", "-pubout", "-out", "public.pem")
    pair = encoding.private_key_from_pem((tmp_path / "key.pem").read_text())
    public = encoding.public_key_from_pem((tmp_path / "public.pem").read_text())
    assert pair.public == public
    assert CRYPTO.sm2_verify(public, b"x", CRYPTO.sm2_sign(pair.private, b"x"))


@needs_openssl
def test_sm3_agrees_with_openssl_over_many_lengths(tmp_path: Path) -> None:
    for length in (0, 1, 55, 56, 63, 64, 65, 1000, 2047, 2048, 3000):
        (tmp_path / "data").write_bytes(bytes(range(250)) * 12)
        data = (tmp_path / "data").read_bytes()[:length]
        (tmp_path / "data").write_bytes(data)
        printed = re.search(rb"[0-9a-f]{64}", openssl(tmp_path, "dgst", "-sm3", "data"))
        assert printed is not None
        assert CRYPTO.sm3(data).hex() == printed[0].decode()
