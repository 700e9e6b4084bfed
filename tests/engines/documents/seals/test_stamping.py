"""Stamps of our own: where they stand, what they protect, who agrees."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzheng.engines.documents.ofd.package import Package
from shuzheng.engines.documents.seals.certificates import RevocationList
from shuzheng.engines.documents.seals.places import OnPage, Riding, placed
from shuzheng.engines.documents.seals.signatures import signatures_of
from shuzheng.engines.documents.seals.stamping import Unstampable, stamp_ofd
from shuzheng.engines.documents.seals.trust_store import Logged
from shuzheng.engines.documents.seals.verify import verify_ofd
from shuzheng.engines.documents.seals.x509 import write_revocations
from shuzheng.testing.seals import a_document
from tests.engines.documents.seals.makers import ENDS, STAMPED, Holder, authority, holder, seal_of, trusting
from tests.engines.documents.seals.samples import FOLDER, altered, sample
from tests.engines.documents.seals.test_verifying import codes, rejected

needs_samples = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no sealed samples in {FOLDER}")
HERE = OnPage(1, 80, 60)


@cache
def cast() -> tuple[Holder, Holder, Holder, bytes]:
    """Return an authority, a maker, a stamper and the stamper's seal."""
    root = authority()
    maker, stamper = holder("制章中心", root), holder("行政审批局", root, serial=3)
    return root, maker, stamper, seal_of(stamper, maker)


@cache
def stamped() -> bytes:
    """Return a document with one stamp."""
    _root, _maker, stamper, seal = cast()
    return stamp_ofd(a_document(), seal, stamper.signer, place=HERE, at=STAMPED).data


def test_what_we_stamp_we_accept() -> None:
    root, _maker, _stamper, _seal = cast()
    (check,) = verify_ofd(stamped(), trust=trusting(root), at=STAMPED)
    assert check.valid, codes(check)
    assert check.signer == "行政审批局"
    assert check.seal_name == "测试专用章"
    assert check.signed_at == STAMPED


@given(part=st.integers(0, 100), position=st.integers(0, 10_000_000), difference=st.integers(1, 255))
def test_any_byte_of_our_own_stamped_document_that_changes_is_noticed(
    part: int, position: int, difference: int
) -> None:
    root, *_others = cast()
    parts = Package.open(stamped()).names()
    chosen = parts[part % len(parts)]
    changed = altered(stamped(), chosen, position, difference)
    assert rejected(changed, trusting(root)) or chosen == "Doc_0/Signs/Signatures.xml"


def test_a_second_stamp_leaves_the_first_valid_and_protects_it() -> None:
    root, _maker, stamper, seal = cast()
    twice = stamp_ofd(stamped(), seal, stamper.signer, place=OnPage(1, 20, 200), at=STAMPED).data
    first, second = verify_ofd(twice, trust=trusting(root), at=STAMPED)
    assert first.valid
    assert second.valid
    assert any("Sign_0" in part.part for part in signatures_of(Package.open(twice))[1].references)


@needs_samples
def test_a_document_whose_list_of_signatures_is_closed_takes_no_stamp() -> None:
    _root, _maker, stamper, seal = cast()
    with pytest.raises(Unstampable):
        stamp_ofd(sample("V4RideRight.ofd"), seal, stamper.signer, place=HERE, at=STAMPED)


@needs_samples
def test_a_riding_seal_is_cut_over_all_pages_and_counts_as_one_stamp() -> None:
    root, _maker, stamper, seal = cast()
    data = stamp_ofd(sample("v4signed.ofd"), seal, stamper.signer, place=HERE, at=STAMPED).data
    assert len(verify_ofd(data, trust=trusting(root))) == 2
    many = Package.open(sample("V4RideRight.ofd"))
    clean = Package()
    for name in many.names():
        if "/Signs/" not in name:
            clean.put(name, many.read(name))
    entry = clean.read("OFD.xml").replace(b"<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>", b"")
    clean.put("OFD.xml", entry)
    ridden = stamp_ofd(clean.to_bytes(), seal, stamper.signer, place=Riding("right", 40), at=STAMPED).data
    (check,) = verify_ofd(ridden, trust=trusting(root), at=STAMPED)
    assert check.valid, codes(check)
    (one,) = signatures_of(Package.open(ridden))
    assert len(one.places) == 5
    assert one.places[1].boundary == "193.2 40 42 42"
    assert one.places[1].clip == "8.4 0 8.4 42"


@given(count=st.integers(2, 90), edge=st.sampled_from(["left", "right", "top", "bottom"]))
def test_the_slices_of_a_riding_seal_make_whole_seals(count: int, edge: str) -> None:
    shown = placed(Riding(edge), [(210.0, 297.0)] * count, 42, 42)
    assert [one.page for one in shown] == list(range(count))
    area = sum(one.clip[2] * one.clip[3] for one in shown if one.clip)
    assert area / (42 * 42) == pytest.approx(round(area / (42 * 42)))


@pytest.mark.parametrize("place", [OnPage(2, 10, 10), OnPage(1, 300, 10), Riding()])
def test_a_place_that_is_not_on_the_document_is_refused(place: OnPage | Riding) -> None:
    _root, _maker, stamper, seal = cast()
    with pytest.raises(Unstampable):
        stamp_ofd(a_document(), seal, stamper.signer, place=place, at=STAMPED)


def test_a_seal_forged_under_another_authority_is_not_trusted() -> None:
    root, _maker, _stamper, _seal = cast()
    other = authority("测试根")
    thief = holder("行政审批局", other)
    forged = stamp_ofd(
        a_document(),
        seal_of(thief, holder("制章中心", other)),
        thief.signer,
        place=HERE,
        at=STAMPED,
    ).data
    (check,) = verify_ofd(forged, trust=trusting(root), at=STAMPED)
    assert not check.valid
    assert {"signer-unknown", "maker-unknown"} <= codes(check)


def test_a_stamper_who_is_not_in_the_seals_list_is_noticed() -> None:
    root, maker, _stamper, seal = cast()
    intruder = holder("某人", root, serial=9)
    data = stamp_ofd(a_document(), seal, intruder.signer, place=HERE, at=STAMPED).data
    (check,) = verify_ofd(data, trust=trusting(root), at=STAMPED)
    assert "signer-not-listed" in codes(check)
    assert not check.intact
    self_made = seal_of(intruder, intruder)
    assert self_made != seal_of(intruder, maker)


def test_a_revoked_certificate_voids_later_stamps_only() -> None:
    root, *_others = cast()
    logged = Logged("7", STAMPED)
    for moment, proof, code in (
        (STAMPED.replace(month=5), logged, "revoked"),
        (STAMPED.replace(month=7), logged, "revoked-later"),
        (STAMPED.replace(month=7), None, "revoked-unproven"),
    ):
        der = write_revocations(
            {3: moment}, issuer=root.subject, issuer_key=root.pair.public, at=moment, following=ENDS, sign=root.sign
        )
        trust = replace(trusting(root), lists=(RevocationList(der),), logged=lambda _digest, found=proof: found)
        (check,) = verify_ofd(stamped(), trust=trust, at=ENDS)
        assert code in codes(check)
        assert check.valid is (code == "revoked-later")


def test_a_revocation_list_of_a_stranger_is_not_believed() -> None:
    root, *_others = cast()
    stranger = authority("测试根")
    der = write_revocations(
        {3: STAMPED},
        issuer=stranger.subject,
        issuer_key=stranger.pair.public,
        at=STAMPED,
        following=ENDS,
        sign=stranger.sign,
    )
    trust = replace(trusting(root), lists=(RevocationList(der),))
    (check,) = verify_ofd(stamped(), trust=trust, at=ENDS)
    assert check.valid


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")
def test_openssl_accepts_our_certificate_chain(tmp_path: Path) -> None:
    root, _maker, stamper, _seal = cast()
    for name, der in (("root", root.certificate), ("leaf", stamper.certificate)):
        (tmp_path / f"{name}.der").write_bytes(der)
        convert = f"openssl x509 -inform DER -in {name}.der -out {name}.pem"
        subprocess.run(convert.split(), cwd=tmp_path, check=True)
    verify = "openssl verify -no_check_time -vfyopt distid:1234567812345678 -CAfile root.pem leaf.pem"
    said = subprocess.run(verify.split(), cwd=tmp_path, check=True, capture_output=True)
    assert b"leaf.pem: OK" in said.stdout
