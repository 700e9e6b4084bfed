"""The verifier on documents that other people's software sealed."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzheng.engines.documents.ofd.errors import OfdUnreadable
from shuzheng.engines.documents.ofd.package import ROOT as ENTRY
from shuzheng.engines.documents.ofd.package import Package
from shuzheng.engines.documents.seals.certificates import Certificate
from shuzheng.engines.documents.seals.findings import SealCheck
from shuzheng.engines.documents.seals.ses import read_seal, read_stamp
from shuzheng.engines.documents.seals.signatures import lists_of
from shuzheng.engines.documents.seals.trust_store import Logged, Standing, TrustStore
from shuzheng.engines.documents.seals.verify import check_seal, verify_ofd
from shuzheng.engines.trust.crypto.encoding import public_key_to_pem
from tests.engines.documents.seals.samples import (
    FOLDER,
    SEALED,
    altered,
    believing,
    only_signature,
    sample,
)

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the samples are not here")


@cache
def document(name: str) -> tuple[bytes, TrustStore, list[str]]:
    """Return a sample, who is believed about it, and the parts that its stamp is said to leave uncovered."""
    data = sample(f"{name}.ofd")
    (check,) = verify_ofd(data, trust=believing(data))
    return data, believing(data), list(check.uncovered)


def rejected(data: bytes, trust: TrustStore) -> bool:
    """Say whether a document is unreadable or its stamp is broken."""
    try:
        checks = verify_ofd(data, trust=trust)
    except OfdUnreadable:
        return True
    return not checks or not all(check.intact for check in checks)


def codes(check: SealCheck) -> set[str]:
    """Return what was found."""
    return {finding.code for finding in check.findings}


@pytest.mark.parametrize("name", SEALED)
def test_every_sealed_sample_is_intact(name: str) -> None:
    data, trust, _parts = document(name)
    (check,) = verify_ofd(data, trust=trust)
    assert check.intact
    assert check.seal_name
    assert check.signer
    assert check.signed_at
    assert check.version == 4


def test_a_stamp_given_after_its_seal_expired_is_intact_but_not_valid() -> None:
    data, trust, _parts = document("SESV4SignDoc")
    (check,) = verify_ofd(data, trust=trust)
    assert check.intact
    assert not check.valid
    assert {"seal-period", "certificate-period"} <= codes(check)


@pytest.mark.parametrize("name", ["v4signed", "V4RideRight", "SignScaleError", "999"])
def test_a_stamp_of_believed_certificates_is_valid(name: str) -> None:
    data, trust, _parts = document(name)
    (check,) = verify_ofd(data, trust=trust)
    assert check.valid, codes(check)


def test_a_maker_whose_certificate_began_after_the_seal_was_made_is_not_believed() -> None:
    data, trust, _parts = document("signedFile")
    (check,) = verify_ofd(data, trust=trust)
    assert codes(check) == {"maker-period", "time-claimed"}


def test_without_trust_a_stamp_is_intact_and_its_signer_unknown() -> None:
    (check,) = verify_ofd(document("v4signed")[0], trust=TrustStore())
    assert check.intact
    assert not check.valid
    assert {"signer-unknown", "maker-unknown"} <= codes(check)


@given(
    name=st.sampled_from(SEALED),
    part=st.integers(0, 10_000),
    position=st.integers(0, 10_000_000),
    difference=st.integers(1, 255),
)
def test_any_byte_that_changes_is_noticed_or_lies_in_a_part_that_was_said_to_be_uncovered(
    name: str, part: int, position: int, difference: int
) -> None:
    data, trust, uncovered = document(name)
    parts = Package.open(data).names()
    chosen = parts[part % len(parts)]
    assert rejected(altered(data, chosen, position, difference), trust) or chosen in uncovered


@pytest.mark.parametrize("name", SEALED)
def test_what_a_sample_leaves_uncovered_is_named(name: str) -> None:
    """A list of signatures stays open for the next one; only one maker left the entry out, and that is said."""
    data, trust, uncovered = document(name)
    (check,) = verify_ofd(data, trust=trust)
    parts = {reference.part for reference in only_signature(data).references}
    assert set(uncovered) == {path for path in (ENTRY, *lists_of(Package.open(data))) if path not in parts}
    assert ("partial-coverage" in codes(check)) is (ENTRY in uncovered) is (name == "999")
    assert check.intact


def test_a_change_in_an_uncovered_part_is_accepted_with_a_notice_that_names_it() -> None:
    data, trust, _uncovered = document("999")
    package = Package.open(data)
    package.put(ENTRY, package.read(ENTRY).replace(b"</ofd:DocInfo>", b" </ofd:DocInfo>"))
    assert package.read(ENTRY) != Package.open(data).read(ENTRY)
    (check,) = verify_ofd(package.to_bytes(), trust=trust)
    assert check.valid
    (notice,) = [finding for finding in check.findings if finding.code == "partial-coverage"]
    assert ENTRY in notice.message
    assert "签章未覆盖全部文件" in notice.message


@pytest.mark.parametrize("difference", [0x01, 0x20, 0x80])
def test_every_byte_of_the_stamp_outside_its_signed_part_counts(difference: int) -> None:
    data, trust, _parts = document("v4signed")
    value = only_signature(data).value
    content = Package.open(data).read(value)
    signed = read_stamp(content).signed
    start = content.index(signed)
    outside = [*range(start + 8), *range(start + len(signed), len(content))]
    unnoticed = [at for at in outside if not rejected(altered(data, value, at, difference), trust)]
    assert unnoticed == []


def test_a_part_added_after_stamping_is_flagged() -> None:
    data, trust, _parts = document("v4signed")
    package = Package.open(data)
    package.put("Doc_0/Pages/Page_9/Content.xml", b"<x/>")
    (check,) = verify_ofd(package.to_bytes(), trust=trust)
    assert codes(check) >= {"part-added"}
    assert not check.intact


def test_a_part_taken_away_after_stamping_is_flagged() -> None:
    data, trust, _parts = document("v4signed")
    package, thinner = Package.open(data), Package()
    for name in package.names():
        if not name.endswith("qr.png"):
            thinner.put(name, package.read(name))
    (check,) = verify_ofd(thinner.to_bytes(), trust=trust)
    assert "part-missing" in codes(check)


def test_a_name_that_differs_in_case_only_is_flagged() -> None:
    data, trust, _parts = document("v4signed")
    package = Package.open(data)
    twin = Package()
    for name in package.names():
        twin.put(name, package.read(name))
    twin.put("doc_0/document.xml", b"<x/>")
    (check,) = verify_ofd(twin.to_bytes(), trust=trust)
    assert "names-ambiguous" in codes(check)


def test_a_stamp_from_the_future_is_not_relied_on() -> None:
    data, trust, _parts = document("v4signed")
    (check,) = verify_ofd(data, trust=trust, at=datetime(2020, 1, 1, tzinfo=UTC))
    assert "in-future" in codes(check)


@pytest.mark.parametrize("state", ["frozen", "revoked"])
def test_a_stamp_given_while_the_seal_was_stopped_is_void(state: str) -> None:
    data, trust, _parts = document("v4signed")
    stopped = Standing(state, datetime(2020, 10, 1, tzinfo=UTC))
    service = TrustStore(pinned=trust.pinned, standing=lambda _code: stopped)
    (check,) = verify_ofd(data, trust=service)
    assert f"seal-{state}" in codes(check)
    assert not check.valid


def test_a_stamp_of_our_own_seal_outside_the_ledger_is_void() -> None:
    data, trust, _parts = document("v4signed")
    ours = Standing("in_use", datetime(2020, 10, 1, tzinfo=UTC))
    place = Logged("7", datetime(2020, 10, 10, tzinfo=UTC))
    service = TrustStore(pinned=trust.pinned, standing=lambda _code: ours)
    (check,) = verify_ofd(data, trust=service)
    assert "not-in-ledger" in codes(check)
    assert not check.valid
    logged = TrustStore(pinned=trust.pinned, standing=lambda _code: ours, logged=lambda _digest: place)
    (check,) = verify_ofd(data, trust=logged)
    assert check.valid
    assert "in-ledger" in codes(check)


def test_a_signature_without_a_certificate_names_nobody() -> None:
    data = sample("DigitalSign.ofd")
    (check,) = verify_ofd(data, trust=TrustStore())
    assert check.kind == "sign"
    assert not check.broken
    assert not check.intact
    assert not check.valid
    assert codes(check) == {"no-certificate"}
    (check,) = verify_ofd(altered(data, "Doc_0/Document.xml", 40, 1), trust=TrustStore())
    assert check.broken


def test_a_document_without_stamps_has_no_checks() -> None:
    assert verify_ofd(sample("helloworld.ofd"), trust=TrustStore()) == []


@pytest.mark.parametrize(("name", "version"), [("UserV1", 1), ("UserV4", 4), ("UserV5", 5)])
def test_seals_of_every_version_are_read_and_their_makers_signature_holds(name: str, version: int) -> None:
    data = sample(f"{name}.esl")
    seal = read_seal(data)
    assert seal.version == version
    assert seal.content.picture.data.startswith(b"\x89PNG")
    check = SealCheck("")
    check_seal(seal, TrustStore(pinned=(Certificate(seal.maker),)), check)
    assert codes(check) == ({"maker-period"} if version == 5 else set())
    forged = data.replace("测试".encode(), "正式".encode())
    check_seal(read_seal(forged), TrustStore(), check)
    assert "seal-forged" in codes(check)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")
@pytest.mark.parametrize("name", SEALED)
def test_openssl_agrees_with_every_signature(name: str, tmp_path: Path) -> None:
    data, _trust, _parts = document(name)
    stamp = read_stamp(Package.open(data).read(only_signature(data).value))
    for certificate, signed, signature in (
        (stamp.certificate, stamp.signed, stamp.signature),
        (stamp.seal.maker, stamp.seal.signed, stamp.seal.signature),
    ):
        (tmp_path / "key.pem").write_text(public_key_to_pem(Certificate(certificate).public_key))
        (tmp_path / "data").write_bytes(signed)
        (tmp_path / "signature").write_bytes(signature)
        command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -digest sm3 -pkeyopt distid:1234567812345678"
        said = subprocess.run(
            [*command.split(), "-in", "data", "-sigfile", "signature"], cwd=tmp_path, capture_output=True, check=True
        )
        assert b"Verified Successfully" in said.stdout
