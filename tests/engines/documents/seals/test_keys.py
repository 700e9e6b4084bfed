"""Keys of seals: in software under the key ring, in a cipher machine through its library."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest
from django.db import connection

from shuzheng.engines.documents.seals.algorithms import sm2_verifies
from shuzheng.engines.documents.seals.image import official_seal
from shuzheng.engines.documents.seals.keys import KeyGone, KeysExhausted, SoftwareKeys
from shuzheng.engines.documents.seals.raster import png
from shuzheng.engines.documents.seals.sdf import SdfFailed, SdfKeys
from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.rotation import encrypted_models

#: Order of the SM2 curve.
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123


class Machine:
    """A cipher machine with two keys, as its library shows itself; it signs digests, as hardware does."""

    def __init__(self) -> None:
        self.pairs = {1: provider().sm2_generate(), 2: provider().sm2_generate()}
        self.open = 0
        self.broken = 0

    def SDF_OpenDevice(self, _device: Any) -> int:
        return self.broken

    def SDF_CloseDevice(self, _device: Any) -> int:
        return 0

    def SDF_OpenSession(self, _device: Any, _session: Any) -> int:
        self.open += 1
        return 0

    def SDF_CloseSession(self, _session: Any) -> int:
        self.open -= 1
        return 0

    def SDF_GetPrivateKeyAccessRight(self, _session: Any, slot: Any, password: bytes, _length: Any) -> int:
        return 0 if password == b"secret" and slot.value in self.pairs else 0x01000009

    def SDF_ReleasePrivateKeyAccessRight(self, _session: Any, _slot: Any) -> int:
        return 0

    def SDF_ExportSignPublicKey_ECC(self, _session: Any, slot: Any, told: Any) -> int:
        public = self.pairs[slot.value].public
        told._obj.bits = 256
        for field, part in ((told._obj.x, public[1:33]), (told._obj.y, public[33:])):
            ctypes.memmove(field, bytes(32) + part, 64)
        return 0

    def SDF_InternalSign_ECC(self, _session: Any, slot: Any, digest: bytes, length: Any, given: Any) -> int:
        assert len(digest) == length.value == 32
        r, s = sign_digest(int.from_bytes(self.pairs[slot.value].private, "big"), int.from_bytes(digest, "big"))
        ctypes.memmove(given._obj.r, r.to_bytes(64, "big"), 64)
        ctypes.memmove(given._obj.s, s.to_bytes(64, "big"), 64)
        return 0


def sign_digest(d: int, e: int) -> tuple[int, int]:
    """Sign a digest by the formulas of GB/T 32918.2 §6, the point by a fresh key pair."""
    while True:
        fresh = provider().sm2_generate()
        k, x = int.from_bytes(fresh.private, "big"), int.from_bytes(fresh.public[1:33], "big")
        r = (e + x) % N
        s = pow(1 + d, -1, N) * (k - r * d) % N
        if r and s and r + k != N:
            return r, s


@pytest.mark.django_db
def test_a_key_in_software_signs_and_is_unreadable_in_the_database() -> None:
    keys = SoftwareKeys()
    key = keys.generate("sm2")
    assert sm2_verifies(bytes(key.public_key), b"content", keys.sign(key, b"content"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT private_key FROM documents_sealkey WHERE id = %s", [key.pk])
        assert key.private_key not in cursor.fetchone()[0]
    assert type(key) in encrypted_models()


@pytest.mark.django_db
def test_a_destroyed_key_signs_no_more() -> None:
    keys = SoftwareKeys()
    key = keys.generate("sm2")
    keys.destroy(key)
    with pytest.raises(KeyGone):
        keys.sign(key, b"content")


@pytest.mark.django_db
def test_a_cipher_machine_gives_keys_by_index_and_signs_inside(settings: Any) -> None:
    settings.SHUZHENG_SDF_SLOTS, settings.SHUZHENG_SDF_PASSWORD = "1-2", "secret"
    machine = Machine()
    keys = SdfKeys(machine)
    first, second = keys.generate("sm2"), keys.generate("sm2")
    assert (first.slot, second.slot) == ("1", "2")
    assert first.private_key == ""
    signature = keys.sign(second, b"content")
    assert sm2_verifies(bytes(second.public_key), b"content", signature)
    assert not sm2_verifies(bytes(first.public_key), b"content", signature)
    assert machine.open == 0
    with pytest.raises(KeysExhausted):
        keys.generate("sm2")
    with pytest.raises(KeysExhausted):
        SdfKeys(Machine()).generate("p256")


@pytest.mark.django_db
def test_a_cipher_machine_that_fails_says_so_and_keeps_the_approval(settings: Any) -> None:
    settings.SHUZHENG_SDF_SLOTS, settings.SHUZHENG_SDF_PASSWORD = "1-2", "secret"
    machine = Machine()
    key = SdfKeys(machine).generate("sm2")
    machine.broken = 0x01000003
    with pytest.raises(SdfFailed) as failure:
        SdfKeys(machine).sign(key, b"content")
    assert "审批已保留" in str(failure.value)


def test_a_seals_picture_is_a_drawing_and_dots_of_the_same() -> None:
    image = official_seal("赣州市章贡区行政审批局", purpose="行政审批专用章", code="3607020000001", mark="演示")
    plain = official_seal("赣州市章贡区行政审批局")
    assert len(image.path) > len(plain.path)
    assert image.svg().startswith("<svg ")
    dots = png(image.path, image.size, dots=64, colour=(214, 0, 0))
    assert dots.startswith(b"\x89PNG")
    assert dots == png(image.path, image.size, dots=64, colour=(214, 0, 0))
