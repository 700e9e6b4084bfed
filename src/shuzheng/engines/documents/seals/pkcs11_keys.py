"""Keys in a token (服务器密码机、加密卡、智能密码钥匙) spoken to by PKCS #11, through ``python-pkcs11``.

The token makes the keys and never gives them out. Keys on P-256 sign with CKM_ECDSA; PKCS #11 has no mechanism for SM2, so
the vendor's number is a setting, and what comes back is verified before anybody sees it: CKM_ECDSA on the curve of SM2 is
not SM2, however willingly some modules compute it.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import pkcs11
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, exceptions

from shuzheng.engines.documents.seals import algorithms
from shuzheng.engines.documents.seals.algorithms import ECDSA_WITH_SHA256, sm2_digest, sm2_verifies
from shuzheng.engines.documents.seals.keys import Algorithm, KeyGone, KeysExhausted, SoftwareKeys
from shuzheng.engines.documents.seals.models import SealKey
from shuzheng.engines.documents.seals.x509 import key_info
from shuzheng.engines.trust.crypto import blind_index
from shuzheng.engines.trust.crypto.encoding import signature_to_der
from shuzheng.kernel.error import Unavailable

logger = logging.getLogger(__name__)
T = TypeVar("T")
#: DER of the curves' identifiers: prime256v1, sm2p256v1.
_CURVES: dict[str, bytes] = {
    "p256": bytes.fromhex("06082a8648ce3d030107"),
    "sm2": bytes.fromhex("06082a811ccf5501822d"),
}
#: What says that the session is gone, not that the token refuses.
_LOST = (
    exceptions.SessionHandleInvalid,
    exceptions.SessionClosed,
    exceptions.UserNotLoggedIn,
    exceptions.DeviceRemoved,
    exceptions.DeviceError,
    exceptions.TokenNotPresent,
)
_PIN = (
    exceptions.PinIncorrect,
    exceptions.PinInvalid,
    exceptions.PinLenRange,
    exceptions.PinLocked,
)
#: File in SHUZHENG_HOME that remembers which PIN was refused, so that no process tries it again and locks the token.
REFUSED = "pkcs11-pin-refused"


class TokenFailed(Unavailable):
    """The token refused or does not answer."""

    code = "cipher-token"
    message = _("密码设备暂时不可用（{reason}），没有盖章，申请和审批已保留。请联系运维人员后重试。")


class PinRefused(Unavailable):
    """The PIN was refused once and is not tried again."""

    code = "cipher-token-pin"
    message = _(
        "密码设备的口令不对，为防止设备被锁死，不再用同一口令重试；没有盖章，申请和审批已保留。请运维人员更正口令。"
    )


class Pkcs11Keys(SoftwareKeys):
    """Keys in the token named by ``SHUZHENG_PKCS11_TOKEN``; those of SM2 in software only where the operator says so."""

    def __init__(self, module: Any = None) -> None:
        """Take the module of the settings at the first use; ``module`` takes its place in tests."""
        self._module: Any = module
        self._session: Any = None
        self._process = 0
        #: Handles of private keys in this session, by their names.
        self._handles: dict[str, Any] = {}
        self._alone = threading.Lock()

    def generate(self, algorithm: Algorithm) -> SealKey:
        """Let the token make a pair that it never gives out. Raises KeysExhausted, TokenFailed, PinRefused."""
        told = str(settings.SHUZHENG_PKCS11_SM2)
        if algorithm == "sm2" and told == "software":
            return super().generate(algorithm)
        if algorithm == "sm2" and not told:
            raise KeysExhausted
        name = secrets.token_bytes(16)
        public = self._with(lambda session: _generate(session, algorithm, name))
        key = SealKey(algorithm=algorithm, public_key=public, slot=name.hex())
        try:
            self.sign(key, b"Does this token sign what it says?")
        except TokenFailed:
            self._with(lambda session: _destroy(session, key))
            raise
        key.save(force_insert=True)
        return key

    def sign(self, key: SealKey, data: bytes) -> bytes:
        """Let the token sign a digest. Raises KeyGone, TokenFailed, PinRefused."""
        if key.private_key:
            return super().sign(key, data)
        if key.destroyed_at is not None or not key.slot:
            raise KeyGone
        public = bytes(key.public_key)
        digest, mechanism = sha256(data).digest(), Mechanism.ECDSA
        if key.algorithm == "sm2":
            digest, mechanism = sm2_digest(public, data), _vendors(str(settings.SHUZHENG_PKCS11_SM2))
        raw = self._with(lambda session: self._private(session, key).sign(digest, mechanism=mechanism))
        signature = signature_to_der(raw) if len(raw) == 64 else b""
        if not _holds(key.algorithm, public, data, signature):
            raise TokenFailed(reason="bad signature")
        return signature

    def destroy(self, key: SealKey) -> None:
        """Destroy the key in the token as well, once the transaction that says so is through."""
        super().destroy(key)
        if key.slot:
            transaction.on_commit(lambda: self._with(lambda session: _destroy(session, key)), robust=True)

    def _with(self, work: Callable[[Any], T]) -> T:
        """Do something in this process's session; one that was lost is opened anew, once."""
        with self._alone:
            try:
                return self._try(work)
            except _LOST:
                self._session = None
            except exceptions.PKCS11Error as failure:
                raise TokenFailed(reason=type(failure).__name__) from failure
            try:
                return self._try(work)
            except exceptions.PKCS11Error as failure:
                self._session = None
                raise TokenFailed(reason=type(failure).__name__) from failure

    def _try(self, work: Callable[[Any], T]) -> T:
        if self._session is None or self._process != os.getpid():
            self._session, self._process, self._handles = self._open(), os.getpid(), {}
        return work(self._session)

    def _private(self, session: Any, key: SealKey) -> Any:
        """Return the handle of a private key. Raises KeyGone."""
        if key.slot not in self._handles:
            session.generate_random(64)  # says that the session is lost, of which a search only complains when it ends
            try:
                found = session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=bytes.fromhex(key.slot))
            except exceptions.NoSuchKey:
                raise KeyGone from None
            self._handles[key.slot] = found
        return self._handles[key.slot]

    def _open(self) -> Any:
        """Return a session that is logged in. Raises PinRefused, also for a PIN that was refused before."""
        module = self._module or pkcs11.lib(settings.SHUZHENG_PKCS11_MODULE)
        if self._process and self._process != os.getpid():  # a module does not outlive a fork
            module.reinitialize()
        pin = _pin()
        place, mark = Path(settings.HOME) / REFUSED, blind_index(pin, "documents.pkcs11")
        if place.exists() and place.read_text() == mark:
            raise PinRefused
        token = module.get_token(token_label=settings.SHUZHENG_PKCS11_TOKEN)
        try:
            session = token.open(rw=True, user_pin=pin)
        except exceptions.UserAlreadyLoggedIn:
            return token.open(rw=True)
        except _PIN:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(mark)
            logger.error("The token refused its PIN; it is not tried again until it changes.")
            raise PinRefused from None
        place.unlink(missing_ok=True)
        return session


def _pin() -> str:
    file = str(settings.SHUZHENG_PKCS11_PIN_FILE)
    return Path(file).read_text().strip() if file else str(settings.SHUZHENG_PKCS11_PIN)


def _generate(session: Any, algorithm: Algorithm, name: bytes) -> bytes:
    """Make a pair and return its public point. Raises KeysExhausted when the token would give the private key out."""
    curve = session.create_domain_parameters(KeyType.EC, {Attribute.EC_PARAMS: _CURVES[algorithm]}, local=True)
    kept = {Attribute.EXTRACTABLE: False, Attribute.SENSITIVE: True}
    public, private = curve.generate_keypair(store=True, id=name, label="shuzheng-seal", private_template=kept)
    if private[Attribute.EXTRACTABLE] or not private[Attribute.NEVER_EXTRACTABLE]:
        private.destroy()
        raise KeysExhausted
    return bytes(public[Attribute.EC_POINT])[-65:]


def _destroy(session: Any, key: SealKey) -> None:
    for one in list(session.get_objects({Attribute.ID: bytes.fromhex(key.slot)})):
        one.destroy()


def _holds(algorithm: str, public: bytes, data: bytes, signature: bytes) -> bool:
    if algorithm == "sm2":
        return sm2_verifies(public, data, signature)
    return algorithms.verifies(ECDSA_WITH_SHA256, key_info(algorithm, public).dump(), data, signature)


def _vendors(number: str) -> Mechanism:
    """Return a mechanism that only its vendor knows; the library insists on members of its list."""
    value = int(number, 0)
    one = int.__new__(Mechanism, value)
    one._name_, one._value_ = f"VENDOR_{value:08X}", value
    return one
