"""Keys in a cipher machine (服务器密码机), spoken to through its library (GM/T 0018-2012, SDF).

The administrator makes the signature keys in the machine; a seal takes the next free index. Private keys never leave it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.seals.algorithms import sm2_digest
from shuzheng.engines.documents.seals.keys import Algorithm, KeyGone, KeysExhausted, SealKeys
from shuzheng.engines.documents.seals.models import SealKey
from shuzheng.engines.trust.crypto.encoding import signature_to_der
from shuzheng.kernel.error import Unavailable

#: ECCref_MAX_LEN: coordinates are right-aligned in this many bytes.
LENGTH = 64


class PublicKey(ctypes.Structure):
    """ECCrefPublicKey."""

    _fields_ = [("bits", ctypes.c_uint), ("x", ctypes.c_ubyte * LENGTH), ("y", ctypes.c_ubyte * LENGTH)]


class Signature(ctypes.Structure):
    """ECCSignature."""

    _fields_ = [("r", ctypes.c_ubyte * LENGTH), ("s", ctypes.c_ubyte * LENGTH)]


class SdfFailed(Unavailable):
    """The cipher machine refused or does not answer."""

    code = "cipher-machine"
    message = _("密码机暂时不可用（错误码 {code}），没有盖章，申请和审批已保留。请联系运维人员后重试。")


class SdfKeys(SealKeys):
    """Keys in the machine named by ``SHUZHENG_SDF_LIBRARY``."""

    def __init__(self, library: Any = None) -> None:
        """Load the library; ``library`` takes its place in tests."""
        self._sdf: Any = library or ctypes.CDLL(settings.SHUZHENG_SDF_LIBRARY)

    def generate(self, algorithm: Algorithm) -> SealKey:
        """Take the next free index and read its public key. Raises KeysExhausted for other algorithms as well."""
        first, last = (int(bound) for bound in settings.SHUZHENG_SDF_SLOTS.split("-"))
        taken = set(SealKey.objects.exclude(slot="").values_list("slot", flat=True))
        slot = next((index for index in range(first, last + 1) if str(index) not in taken), None)
        if slot is None or algorithm != "sm2":
            raise KeysExhausted
        return SealKey.objects.create(algorithm="sm2", public_key=self._public_key(slot), slot=str(slot))

    def sign(self, key: SealKey, data: bytes) -> bytes:
        """Let the machine sign the digest of the signer's identity and the data. Raises SdfFailed."""
        if key.destroyed_at is not None or not key.slot:
            raise KeyGone
        digest = sm2_digest(bytes(key.public_key), data)
        password = settings.SHUZHENG_SDF_PASSWORD.encode()
        given = Signature()
        with self._session() as session:
            slot = ctypes.c_uint(int(key.slot))
            self._call("SDF_GetPrivateKeyAccessRight", session, slot, password, ctypes.c_uint(len(password)))
            self._call("SDF_InternalSign_ECC", session, slot, digest, ctypes.c_uint(len(digest)), ctypes.byref(given))
            self._call("SDF_ReleasePrivateKeyAccessRight", session, slot)
        return signature_to_der(bytes(given.r)[-32:] + bytes(given.s)[-32:])

    def _public_key(self, slot: int) -> bytes:
        told = PublicKey()
        with self._session() as session:
            self._call("SDF_ExportSignPublicKey_ECC", session, ctypes.c_uint(slot), ctypes.byref(told))
        return b"\x04" + bytes(told.x)[-32:] + bytes(told.y)[-32:]

    @contextmanager
    def _session(self) -> Iterator[ctypes.c_void_p]:
        device, session = ctypes.c_void_p(), ctypes.c_void_p()
        self._call("SDF_OpenDevice", ctypes.byref(device))
        try:
            self._call("SDF_OpenSession", device, ctypes.byref(session))
            try:
                yield session
            finally:
                self._sdf.SDF_CloseSession(session)
        finally:
            self._sdf.SDF_CloseDevice(device)

    def _call(self, name: str, *arguments: Any) -> None:
        code = getattr(self._sdf, name)(*arguments)
        if code:
            raise SdfFailed(code=code)
