"""Time stamps (RFC 3161): asked for, believed or not, and what they decide."""

from __future__ import annotations

import base64
import contextlib
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from hypothesis import given
from hypothesis import strategies as st

from shuzheng.engines.documents.seals import algorithms, timestamping, timestamps
from shuzheng.engines.documents.seals.actions import StampDocument
from shuzheng.engines.documents.seals.algorithms import SHA256
from shuzheng.engines.documents.seals.authority import authority as installed_authority
from shuzheng.engines.documents.seals.certificates import Certificate, RevocationList
from shuzheng.engines.documents.seals.findings import SealCheck
from shuzheng.engines.documents.seals.models import Seal, SealUse
from shuzheng.engines.documents.seals.places import OnPage
from shuzheng.engines.documents.seals.results import content_of
from shuzheng.engines.documents.seals.ses import SM3
from shuzheng.engines.documents.seals.stamping import stamp_ofd
from shuzheng.engines.documents.seals.timestamp_proof import judge
from shuzheng.engines.documents.seals.timestamping import TimeStampDeclined, request
from shuzheng.engines.documents.seals.timestamps import TimeStampUnreadable, read
from shuzheng.engines.documents.seals.trust_store import TrustStore
from shuzheng.engines.documents.seals.trusting import our_trust
from shuzheng.engines.documents.seals.verify import verify_ofd
from shuzheng.engines.documents.seals.verify_pdf import verify_pdf
from shuzheng.engines.documents.seals.x509 import Subject, Terms, write_certificate, write_revocations
from shuzheng.engines.identity.models import Officer
from shuzheng.engines.trust.crypto.pem import to_pem
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.caching import forget_remembered
from shuzheng.kernel.moment import now
from shuzheng.sandbox.tsa import Server
from shuzheng.sandbox.tsa.keys import Stamper, Variant, certified, generate
from shuzheng.sandbox.tsa.tokens import POLICY, answer, token
from shuzheng.testing.seals import PLACE, a_document, a_file, a_grant
from tests.engines.documents.seals.makers import (
    BEGAN,
    ENDS,
    STAMPED,
    Holder,
    authority,
    done_file,
    holder,
    seal_of,
    trusting,
)
from tests.engines.documents.seals.test_pdf import a_pdf
from tests.engines.documents.seals.test_verifying import codes

DIGESTS: dict[Variant, str] = {"sm2": SM3, "p256": SHA256, "rsa": SHA256}
VALUE = b"the value of a signature"


@cache
def stamper(variant: Variant = "sm2") -> Stamper:
    """Return an authority that is in order."""
    return certified(variant, begins=BEGAN)


def believing(*ones: Stamper) -> TrustStore:
    """Return who is believed about time."""
    return TrustStore(anchors=tuple(Certificate(one.root) for one in ones))


def a_token(one: Stamper, over: bytes = VALUE, at: datetime = STAMPED) -> bytes:
    """Return a token about some bytes."""
    return token(one, one.key.digest, algorithms.digest(one.key.digest, over), at)


@pytest.mark.parametrize("variant", ["sm2", "p256", "rsa"])
def test_a_token_of_a_believed_authority_proves_its_time(variant: Variant) -> None:
    judged = judge(a_token(stamper(variant)), VALUE, believing(stamper(variant)))
    assert judged.code == "time-stamped"
    assert judged.proved == STAMPED
    assert "沙箱时间戳机构" in judged.authority


def test_a_token_about_something_else_proves_nothing() -> None:
    judged = judge(a_token(stamper(), b"another value"), VALUE, believing(stamper()))
    assert (judged.code, judged.proved) == ("time-imprint", None)


def test_a_token_of_a_stranger_proves_nothing() -> None:
    judged = judge(a_token(stamper()), VALUE, believing(stamper("p256")))
    assert (judged.code, judged.proved) == ("time-authority-unknown", None)
    assert judge(a_token(stamper()), VALUE, None).proved is None


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"purposes": ()}, "time-purpose"),
        ({"purposes": ("time_stamping", "server_auth")}, "time-purpose"),
        ({"ends": STAMPED - timedelta(days=1)}, "time-period"),
        ({"begins": STAMPED + timedelta(days=1)}, "time-period"),
    ],
)
def test_a_certificate_of_the_wrong_kind_or_period_proves_nothing(wrong: dict[str, Any], code: str) -> None:
    one = certified("sm2", **{"begins": BEGAN, **wrong})
    judged = judge(a_token(one), VALUE, believing(one))
    assert (judged.code, judged.proved) == (code, None)


def test_a_revoked_authority_is_not_believed_even_about_times_before() -> None:
    """Whoever has its key can write any time."""
    above, key = authority("时间根"), generate("sm2")
    terms = Terms(77, BEGAN, ENDS, purposes=("time_stamping",))
    point = key.info["public_key"].contents[1:]
    told = write_certificate(
        Subject("时间戳机构"), point, terms, issuer=above.subject, issuer_key=above.pair.public, sign=above.sign
    )
    one = Stamper(key, told, above.certificate)
    assert judge(a_token(one), VALUE, believing(one)).proved
    listed = write_revocations(
        {77: ENDS}, issuer=above.subject, issuer_key=above.pair.public, at=ENDS, following=ENDS, sign=above.sign
    )
    judged = judge(a_token(one), VALUE, replace(believing(one), lists=(RevocationList(listed),)))
    assert (judged.code, judged.proved) == ("time-revoked", None)


@given(position=st.integers(0, 100_000), difference=st.integers(1, 255), variant=st.sampled_from(["sm2", "p256"]))
def test_a_token_in_which_any_byte_changed_proves_nothing(position: int, difference: int, variant: Variant) -> None:
    forged = bytearray(a_token(stamper(variant)))
    forged[position % len(forged)] ^= difference
    assert judge(bytes(forged), VALUE, believing(stamper(variant))).proved is None


def test_a_token_with_additions_that_nobody_signed_is_unreadable() -> None:
    whole = cms.ContentInfo.load(a_token(stamper()))
    whole["content"]["signer_infos"][0]["unsigned_attrs"] = [{"type": "1.2.3", "values": []}]
    with pytest.raises(TimeStampUnreadable):
        read(whole.dump(force=True))
    with pytest.raises(TimeStampUnreadable):
        read(bytes(timestamps.LARGEST + 1))


# What it decides of a stamp


@cache
def cast() -> tuple[Holder, Holder, bytes]:
    """Return an authority, a stamper whose certificate ends in July, and its seal."""
    root = authority()
    short = holder("行政审批局", root, serial=3, until=STAMPED + timedelta(days=30))
    return root, short, seal_of(short, holder("制章中心", root))


def checked(token_at: datetime | None, claimed: datetime, **told: Any) -> SealCheck:
    """Return the check of a stamp with a time stamp or without."""
    root, short, seal = cast()
    signer = replace(
        short.signer, time_stamp=None if token_at is None else lambda value: a_token(stamper(), value, token_at)
    )
    data = stamp_ofd(a_document(), seal, signer, place=OnPage(1, 80, 60), at=claimed).data
    trust = replace(trusting(root), time=believing(stamper()), **told)
    (check,) = verify_ofd(data, trust=trust, at=ENDS)
    return check


def revoked(moment: datetime) -> tuple[RevocationList]:
    """Return a list in which the stamper's certificate stands."""
    root, _short, _seal = cast()
    der = write_revocations(
        {3: moment}, issuer=root.subject, issuer_key=root.pair.public, at=moment, following=ENDS, sign=root.sign
    )
    return (RevocationList(der),)


def test_a_stamp_that_is_proved_older_than_the_revocation_stays_valid() -> None:
    later = revoked(STAMPED + timedelta(days=3))
    proved, claimed = checked(STAMPED, STAMPED, lists=later), checked(None, STAMPED, lists=later)
    assert proved.valid
    assert proved.proved_at == STAMPED
    assert codes(proved) == {"time-stamped", "revoked-later"}
    assert not claimed.valid
    assert codes(claimed) == {"time-claimed", "revoked-unproven"}


def test_a_stamp_dated_back_before_its_revocation_is_found_out() -> None:
    check = checked(STAMPED + timedelta(days=9), STAMPED, lists=revoked(STAMPED + timedelta(days=3)))
    assert codes(check) == {"time-stamped", "time-differs", "revoked"}
    assert not check.valid


def test_a_stamp_dated_back_before_its_certificate_ended_is_found_out() -> None:
    assert checked(STAMPED + timedelta(days=29), STAMPED).valid
    late = checked(STAMPED + timedelta(days=31), STAMPED)
    assert "certificate-period" in codes(late)
    assert not late.valid


def test_a_time_stamp_taken_from_another_stamp_breaks_this_one() -> None:
    root, short, seal = cast()
    signer = replace(short.signer, time_stamp=lambda _value: a_token(stamper(), b"another"))
    data = stamp_ofd(a_document(), seal, signer, place=OnPage(1, 80, 60), at=STAMPED).data
    (check,) = verify_ofd(data, trust=replace(trusting(root), time=believing(stamper())), at=ENDS)
    assert "time-imprint" in codes(check)
    assert not check.intact


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")
@pytest.mark.parametrize("variant", ["p256", "rsa"])
def test_openssl_asks_our_authority_and_accepts_its_answer(variant: Variant, tmp_path: Path) -> None:
    one = certified(variant)
    (tmp_path / "data").write_bytes(VALUE)
    (tmp_path / "root.pem").write_text(to_pem("CERTIFICATE", one.root))

    def openssl(command: str) -> str:
        done = subprocess.run(["openssl", *command.split()], cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    openssl("ts -query -data data -sha256 -cert -out asked")
    (tmp_path / "answer").write_bytes(answer({SHA256: one}, (tmp_path / "asked").read_bytes(), datetime.now(UTC)))
    assert "Verification: OK" in openssl("ts -verify -queryfile asked -in answer -CAfile root.pem")
    # And a token by itself, as it lies in a seal.
    (tmp_path / "token").write_bytes(a_token(one, at=datetime.now(UTC)))
    assert "Verification: OK" in openssl("ts -verify -data data -in token -token_in -CAfile root.pem")
    openssl("ts -query -data data -sha256 -cert -tspolicy 1.2.3 -out strange")
    (tmp_path / "no").write_bytes(answer({SHA256: one}, (tmp_path / "strange").read_bytes(), datetime.now(UTC)))
    assert "policy is not supported" in openssl("ts -reply -in no -text").lower()


# Asked over the network


class Faulty(Server):
    """An authority that can do wrong."""

    def __init__(self) -> None:
        """Take any port."""
        self.fault = ""
        self.answers: list[bytes] = []
        super().__init__(0, {SM3: certified("sm2"), SHA256: certified("p256")})

    def answered(self, asked: bytes) -> bytes:
        """Answer, or do wrong."""
        if self.fault == "replayed":
            return self.answers[0]
        if self.fault == "noise":
            return b"\x30\x03nonsense"
        if self.fault == "endless":
            return bytes(timestamps.LARGEST + 10)
        if self.fault == "expired":
            late = certified("sm2", begins=BEGAN, ends=BEGAN + timedelta(days=1))
            self.stampers = {**self.stampers, SM3: replace(late, root=self.stampers[SM3].root)}
        moment = datetime.now(UTC) - timedelta(hours=2) if self.fault == "slow-clock" else datetime.now(UTC)
        self.answers.append(answer(self.stampers, asked, moment))
        return self.answers[-1]


@pytest.fixture
def tsa(home: Path, settings: Any) -> Iterator[Faulty]:
    """An authority on this machine, believed here."""
    server = Faulty()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    settings.SHUZHENG_TSA_URL = server.address
    (home / "time-authorities").mkdir()
    (home / "time-authorities" / "sandbox.pem").write_text(server.roots())
    forget_remembered()
    yield server
    server.shutdown()
    server.server_close()


def test_the_client_takes_a_token_and_says_why_it_takes_none(tsa: Faulty) -> None:
    trust = TrustStore(anchors=tuple(Certificate(one.root) for one in tsa.stampers.values()))
    digest = algorithms.digest(SM3, VALUE)
    assert judge(request(SM3, digest, trust), VALUE, trust).proved
    for fault, reason in (
        ("replayed", "another digest or another number"),
        ("noise", ""),
        ("endless", "bytes"),
        ("slow-clock", "its clock says"),
        ("expired", "time-authority-unknown"),
    ):
        tsa.fault = fault
        with pytest.raises(TimeStampDeclined) as refusal:
            request(SM3, digest, trust)
        assert reason in refusal.value.params["reason"]


def drip(server: socket.socket, beginning: bytes, done: threading.Event) -> None:
    """Answer one call with a beginning and then a byte every 50 ms, for as long as anybody listens."""
    line, _address = server.accept()
    with line, contextlib.suppress(OSError):
        line.recv(65536)
        line.sendall(beginning)
        while not done.wait(0.05):
            line.sendall(b"x")


@pytest.mark.parametrize("beginning", [b"", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_an_authority_that_drips_holds_a_stamp_no_longer_than_patience(
    beginning: bytes, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timestamping, "PATIENCE", 0.5)
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.SHUZHENG_TSA_URL = f"http://127.0.0.1:{server.getsockname()[1]}/"
        threading.Thread(target=drip, args=(server, beginning, done), daemon=True).start()
        began = time.monotonic()
        with pytest.raises(TimeStampDeclined):
            request(SM3, algorithms.digest(SM3, VALUE), None)
        done.set()
    assert 0.4 < time.monotonic() - began < 3


def test_the_client_tells_the_authority_who_it_is(settings: Any) -> None:
    settings.SHUZHENG_TSA_CREDENTIALS = "seals:a secret"
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.SHUZHENG_TSA_URL = f"http://127.0.0.1:{server.getsockname()[1]}/tsa?x=1"

        def answer_no() -> None:
            line, _address = server.accept()
            with line:
                heard.append(line.recv(65536))
                line.sendall(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")

        threading.Thread(target=answer_no, daemon=True).start()
        with pytest.raises(TimeStampDeclined) as refusal:
            request(SM3, algorithms.digest(SM3, VALUE), None)
    assert "HTTP 401" in refusal.value.params["reason"]
    assert heard[0].startswith(b"POST /tsa?x=1 ")
    assert b"Authorization: Basic " + base64.b64encode(b"seals:a secret") in heard[0]


def test_the_client_holds_the_authority_to_the_policy_that_was_asked_for(tsa: Faulty, settings: Any) -> None:
    trust, digest = our_trust_in(tsa), algorithms.digest(SM3, VALUE)
    settings.SHUZHENG_TSA_POLICY = POLICY
    assert request(SM3, digest, trust)
    settings.SHUZHENG_TSA_POLICY = "1.2.3.4"
    with pytest.raises(TimeStampDeclined):
        request(SM3, digest, trust)


def our_trust_in(tsa: Server) -> TrustStore:
    """Return a store of an authority's roots."""
    return TrustStore(anchors=tuple(Certificate(one.root) for one in tsa.stampers.values()))


def stamp(clerk: Actor, seal: Seal, name: str = "决定书.ofd", data: bytes | None = None) -> tuple[bytes, SealUse]:
    """Stamp a document."""
    told = {"seal_code": seal.code, "document_kind": "decision", "place": PLACE}
    done = StampDocument.do(clerk, told, file_id=a_file(clerk, name, data).pk)
    return content_of(done_file(done.file_id)), SealUse.objects.get(pk=done.use_id)


def test_stamps_on_ofd_and_pdf_carry_a_time_stamp_when_an_authority_is_configured(
    tsa: Faulty, seal: Seal, applicant: Officer, clerk: Actor
) -> None:
    a_grant(seal, applicant, standing=True)
    data, use = stamp(clerk, seal)
    (check,) = verify_ofd(data, trust=our_trust())
    assert check.valid
    assert {"time-stamped", "in-ledger"} == codes(check)
    assert use.time_stamp == "granted"
    data, use = stamp(clerk, seal, "决定书.pdf", a_pdf())
    (check,) = verify_pdf(data, trust=our_trust(), anchors=installed_authority().pdf_anchors())
    assert check.valid, check.findings
    assert {"time-stamped", "in-ledger"} == codes(check)
    assert use.time_stamp == "granted"


@pytest.mark.parametrize(("name", "data"), [("决定书.ofd", None), ("决定书.pdf", a_pdf())])
def test_without_its_authority_stamping_goes_on_and_says_so(
    tsa: Faulty, settings: Any, seal: Seal, applicant: Officer, clerk: Actor, name: str, data: bytes | None
) -> None:
    settings.SHUZHENG_TSA_URL = "http://127.0.0.1:9/"
    a_grant(seal, applicant, standing=True)
    stamped, use = stamp(clerk, seal, name, data)
    assert use.time_stamp == "missing"
    trust = replace(our_trust(), logged=lambda _digest: None, standing=lambda _code: None)
    (check,) = (
        verify_ofd(stamped, trust=trust)
        if data is None
        else verify_pdf(stamped, trust=trust, anchors=installed_authority().pdf_anchors())
    )
    assert "time-claimed" in codes(check)
    # Nobody waits for it again right away.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timestamping, "request", pytest.fail)
        assert stamp(clerk, seal)[1].time_stamp == "missing"
    forget_remembered()
    settings.SHUZHENG_TSA_URL = tsa.address
    assert stamp(clerk, seal)[1].time_stamp == "granted"


@pytest.mark.parametrize(("name", "data"), [("决定书.ofd", None), ("决定书.pdf", a_pdf())])
def test_where_time_is_required_nothing_is_stamped_without_its_authority(
    tsa: Faulty, settings: Any, seal: Seal, applicant: Officer, clerk: Actor, name: str, data: bytes | None
) -> None:
    settings.SHUZHENG_TSA_REQUIRED = True
    tsa.fault = "noise"
    a_grant(seal, applicant, standing=True)
    with pytest.raises(TimeStampDeclined):
        stamp(clerk, seal, name, data)
    assert SealUse.objects.count() == 0
    tsa.fault = ""
    assert stamp(clerk, seal, name, data)[1].time_stamp == "granted"


def test_a_stamp_outlives_the_ledger_by_its_time_stamp(
    tsa: Faulty, seal: Seal, applicant: Officer, clerk: Actor
) -> None:
    """Elsewhere nobody knows our ledger; the token alone says when."""
    a_grant(seal, applicant, standing=True)
    data, _use = stamp(clerk, seal)
    trust = replace(our_trust(), logged=lambda _digest: None, standing=lambda _code: None)
    (check,) = verify_ofd(data, trust=trust)
    assert check.proved_at is not None
    assert abs(check.proved_at - now()) < timedelta(minutes=1)
