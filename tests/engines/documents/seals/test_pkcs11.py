"""Keys in a token: SoftHSM2 through its module, and a stand-in for the vendors whose modules know SM2."""

from __future__ import annotations

import logging
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from pkcs11 import Attribute, ObjectClass, exceptions

from shuzheng.engines.documents.seals import algorithms, authority, keys
from shuzheng.engines.documents.seals.actions import MakeSeal, RevokeSeal, StampDocument
from shuzheng.engines.documents.seals.algorithms import ECDSA_WITH_SHA256, sm2_verifies
from shuzheng.engines.documents.seals.keys import KeyGone, KeysExhausted
from shuzheng.engines.documents.seals.models import Seal, SealKey
from shuzheng.engines.documents.seals.pkcs11_keys import REFUSED, PinRefused, Pkcs11Keys, TokenFailed
from shuzheng.engines.documents.seals.results import content_of
from shuzheng.engines.documents.seals.trusting import our_trust
from shuzheng.engines.documents.seals.verify_pdf import verify_pdf
from shuzheng.engines.documents.seals.x509 import key_info
from shuzheng.engines.identity.models import Officer, OrgUnit
from shuzheng.engines.trust.crypto import provider
from shuzheng.kernel.actor import Actor
from shuzheng.testing.seals import PLACE, a_file, a_grant, a_seal
from tests.engines.documents.seals.makers import done_file
from tests.engines.documents.seals.test_keys import sign_digest
from tests.engines.documents.seals.test_pdf import a_pdf

pytestmark = pytest.mark.django_db
MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
needs_softhsm = pytest.mark.skipif(not MODULE.exists(), reason="softhsm2 is not installed")
PIN = "271828"


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A token of SoftHSM2 for this module's tests; the module reads its settings once in a process."""
    if not MODULE.exists() or shutil.which("softhsm2-util") is None:
        pytest.skip("softhsm2 is not installed")
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "conf"))
        made = ["softhsm2-util", "--init-token", "--free", "--label", "seals", "--so-pin", "31415926", "--pin", PIN]
        subprocess.run(made, check=True, capture_output=True)
        yield pkcs11.lib(str(MODULE))


@pytest.fixture
def hsm(token: Any, home: Path, settings: Any) -> Any:
    """Keys in that token, the PIN in a file."""
    (home / "pin").write_text(f"{PIN}\n")
    settings.SHUZHENG_PKCS11_MODULE = str(MODULE)
    settings.SHUZHENG_PKCS11_TOKEN = "seals"
    settings.SHUZHENG_PKCS11_PIN_FILE = str(home / "pin")
    settings.SHUZHENG_PKCS11_SM2 = "software"
    made = Pkcs11Keys()
    yield made
    if made._session is not None:
        made._session.close()


def holds(key: SealKey, data: bytes, signature: bytes) -> bool:
    """Say whether a signature on P-256 is valid."""
    return algorithms.verifies(ECDSA_WITH_SHA256, key_info("p256", bytes(key.public_key)).dump(), data, signature)


@needs_softhsm
def test_a_key_is_made_in_the_token_signs_there_and_cannot_be_taken_out(hsm: Pkcs11Keys) -> None:
    key = hsm.generate("p256")
    assert key.private_key == ""
    assert holds(key, b"content", hsm.sign(key, b"content"))
    assert not holds(key, b"other content", hsm.sign(key, b"content"))
    private = hsm._session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=bytes.fromhex(key.slot))
    assert not private[Attribute.EXTRACTABLE]
    assert private[Attribute.NEVER_EXTRACTABLE]
    with pytest.raises(exceptions.PKCS11Error):
        _told = private[Attribute.VALUE]


@needs_softhsm
@pytest.mark.parametrize("how", ["closed", "logged out elsewhere", "module restarted"])
def test_a_session_that_was_lost_is_opened_anew(hsm: Pkcs11Keys, token: Any, how: str) -> None:
    key = hsm.generate("p256")
    if how == "closed":
        hsm._session.close()
    elif how == "logged out elsewhere":
        other = token.get_token(token_label="seals").open()
        hsm._session.close()
        assert other is not None
    else:
        token.reinitialize()
    assert holds(key, b"content", hsm.sign(key, b"content"))


@needs_softhsm
def test_a_wrong_pin_is_tried_once_and_never_again_and_never_logged(
    hsm: Pkcs11Keys, home: Path, token: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (home / "pin").write_text("999999")
    tries: list[str] = []
    opened = type(token.get_token(token_label="seals")).open

    class Counting:
        """The token, counting log-ins."""

        def open(self, **told: Any) -> Any:
            """Count and pass on."""
            tries.append(told.get("user_pin", ""))
            return opened(token.get_token(token_label="seals"), **told)

    class Module:
        """The module with that token."""

        def get_token(self, **_told: Any) -> Counting:
            """Return it."""
            return Counting()

    caplog.set_level(logging.DEBUG)
    for each in (Pkcs11Keys(Module()), Pkcs11Keys(Module())):  # two processes on one machine
        for _ in range(3):
            with pytest.raises(PinRefused) as refusal:
                each.generate("p256")
            assert "999999" not in str(refusal.value)
    assert tries == ["999999"]
    assert "999999" not in caplog.text
    assert "999999" not in (home / REFUSED).read_text()
    (home / "pin").write_text(PIN)
    assert hsm.generate("p256").slot
    assert not (home / REFUSED).exists()


@needs_softhsm
def test_a_module_whose_mechanism_is_not_sm2_is_found_out_before_it_signs(hsm: Pkcs11Keys, settings: Any) -> None:
    """SoftHSM makes keys on the curve of SM2 and signs with them by ECDSA, which nobody could verify as SM2."""
    settings.SHUZHENG_PKCS11_SM2 = "0x1041"  # CKM_ECDSA
    with pytest.raises(TokenFailed):
        hsm.generate("sm2")
    assert SealKey.objects.count() == 0
    settings.SHUZHENG_PKCS11_SM2 = "0x80000123"
    with pytest.raises(TokenFailed) as refusal:
        hsm.generate("sm2")
    assert "MechanismInvalid" in str(refusal.value)
    settings.SHUZHENG_PKCS11_SM2 = ""
    with pytest.raises(KeysExhausted):
        hsm.generate("sm2")


@needs_softhsm
def test_a_token_that_is_not_there_stops_stamping_with_a_sentence(hsm: Pkcs11Keys, settings: Any) -> None:
    key = hsm.generate("p256")
    settings.SHUZHENG_PKCS11_TOKEN = "another"
    hsm._session.close()
    with pytest.raises(TokenFailed) as refusal:
        hsm.sign(key, b"content")
    assert "申请和审批已保留" in str(refusal.value)


@needs_softhsm
@pytest.mark.django_db(transaction=True)
def test_a_pdf_is_sealed_by_the_token_and_a_revoked_seals_key_is_gone_from_it(
    hsm: Pkcs11Keys, settings: Any, monkeypatch: pytest.MonkeyPatch, bureau: OrgUnit, applicant: Officer, clerk: Actor
) -> None:
    for module in (keys, authority):
        monkeypatch.setattr(module, "seal_keys", lambda: hsm)
    for name in ("actions.making", "actions.stopping", "desk", "pdf"):
        monkeypatch.setattr(f"shuzheng.engines.documents.seals.{name}.seal_keys", lambda: hsm)
    seal: Seal = MakeSeal.do(Actor.system("test"), seal_id=a_seal(bureau, made=False).pk)
    assert seal.pdf_certificate is not None
    key = SealKey.objects.get(certificates=seal.pdf_certificate)
    assert key.slot
    a_grant(seal, applicant, standing=True)
    told = {"seal_code": seal.code, "document_kind": "decision", "place": PLACE}
    done = StampDocument.do(clerk, told, file_id=a_file(clerk, "决定书.pdf", a_pdf()).pk)
    roots = authority.authority().pdf_anchors()
    (check,) = verify_pdf(content_of(done_file(done.file_id)), trust=our_trust(), anchors=roots)
    assert check.valid, check.findings
    RevokeSeal.do(Actor.system("test"), seal_id=seal.pk, reason="机构撤销")
    assert list(hsm._session.get_objects({Attribute.ID: bytes.fromhex(key.slot)})) == []
    with pytest.raises(KeyGone):
        hsm.sign(SealKey.objects.get(pk=key.pk), b"content")


class VendorsModule:
    """A module of a vendor that knows SM2 by a number of its own; it signs digests, as hardware does."""

    def __init__(self, number: int) -> None:
        self.number, self.pair, self.name = number, provider().sm2_generate(), b""

    def get_token(self, **_told: Any) -> VendorsModule:
        return self

    def open(self, **told: Any) -> VendorsModule:
        assert told["user_pin"] == PIN
        return self

    def create_domain_parameters(self, kind: Any, told: Any, *, local: bool) -> VendorsModule:
        assert told[Attribute.EC_PARAMS].hex() == "06082a811ccf5501822d"
        return self

    def generate_keypair(self, *, id: bytes, **_told: Any) -> Any:
        self.name = id
        point = {Attribute.EC_POINT: b"\x04\x41" + self.pair.public}
        return point, {Attribute.EXTRACTABLE: False, Attribute.NEVER_EXTRACTABLE: True}

    def generate_random(self, bits: int) -> bytes:
        return bytes(bits // 8)

    def get_key(self, *, id: bytes, **_told: Any) -> VendorsModule:
        assert id == self.name
        return self

    def sign(self, digest: bytes, *, mechanism: Any) -> bytes:
        assert isinstance(mechanism, pkcs11.Mechanism)
        assert mechanism.value == self.number
        r, s = sign_digest(int.from_bytes(self.pair.private, "big"), int.from_bytes(digest, "big"))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def test_a_vendors_module_signs_with_sm2_by_the_number_in_the_settings(settings: Any) -> None:
    settings.SHUZHENG_PKCS11_PIN, settings.SHUZHENG_PKCS11_PIN_FILE = PIN, ""
    settings.SHUZHENG_PKCS11_SM2 = "0x80000106"
    hardware = Pkcs11Keys(VendorsModule(0x80000106))
    key = hardware.generate("sm2")
    assert (key.algorithm, key.private_key) == ("sm2", "")
    assert sm2_verifies(bytes(key.public_key), b"content", hardware.sign(key, b"content"))
