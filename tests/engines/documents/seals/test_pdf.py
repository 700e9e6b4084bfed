"""Seals on PDF: pyHanko's own validator agrees, and notices what was changed."""

from __future__ import annotations

import io
from typing import Any

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from shuzheng.engines.documents.seals.actions import StampDocument
from shuzheng.engines.documents.seals.authority import authority
from shuzheng.engines.documents.seals.errors import CannotStamp
from shuzheng.engines.documents.seals.models import Seal
from shuzheng.engines.documents.seals.results import content_of
from shuzheng.engines.documents.seals.trusting import our_trust
from shuzheng.engines.documents.seals.verify_pdf import PdfUnreadable, verify_pdf
from shuzheng.engines.identity.models import Officer
from shuzheng.kernel.actor import Actor
from shuzheng.testing.seals import a_file, a_grant
from tests.engines.documents.seals.makers import done_file

WHOLE = {"page": 2, "x": 120, "y": 200}


def a_pdf(pages: int = 2) -> bytes:
    """Return a plain PDF."""
    kids = " ".join(f"{n + 3} 0 R" for n in range(pages))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {pages}/MediaBox[0 0 595 842]>>"]
    objects += ["<</Type/Page/Parent 2 0 R/Resources<<>>>>"] * pages
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\n"
    return out + f"{end}startxref\n{len(out)}\n%%EOF\n".encode()


@pytest.fixture
def stamped(seal: Seal, applicant: Officer, clerk: Actor) -> bytes:
    """A PDF with a seal."""
    a_grant(seal, applicant, standing=True)
    return stamp(clerk, seal, a_pdf(), WHOLE)


def stamp(clerk: Actor, seal: Seal, data: bytes, place: dict[str, Any]) -> bytes:
    """Return a PDF with one more seal."""
    told = {"seal_code": seal.code, "document_kind": "decision", "place": place}
    done = StampDocument.do(clerk, told, file_id=a_file(clerk, "决定书.pdf", data).pk)
    return content_of(done_file(done.file_id))


def test_a_riding_seal_goes_first_and_a_further_seal_leaves_it_valid(
    seal: Seal, applicant: Officer, clerk: Actor
) -> None:
    a_grant(seal, applicant, standing=True)
    ridden = stamp(clerk, seal, a_pdf(3), {"edge": "right", "along": 100})
    checks = verify_pdf(stamp(clerk, seal, ridden, WHOLE), trust=our_trust(), anchors=authority().pdf_anchors())
    assert [check.valid for check in checks] == [True, True], checks
    with pytest.raises(CannotStamp):
        stamp(clerk, seal, ridden, {"edge": "left", "along": 100})


def test_pyhanko_accepts_our_seal(stamped: bytes) -> None:
    roots = [x509.Certificate.load(der) for der in authority().pdf_anchors()]
    (signature,) = PdfFileReader(io.BytesIO(stamped)).embedded_regular_signatures
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=roots, allow_fetching=False))
    assert status.bottom_line, status.pretty_print_details()


def test_our_page_says_who_sealed_a_pdf_and_finds_it_in_the_ledger(stamped: bytes, seal: Seal) -> None:
    (check,) = verify_pdf(stamped, trust=our_trust(), anchors=authority().pdf_anchors())
    assert check.valid, check.findings
    assert check.seal_code == seal.code
    assert check.seal_name == seal.name
    assert check.kind == "pdf"


def test_a_pdf_that_was_changed_is_noticed(stamped: bytes) -> None:
    changed = stamped.replace(b"/MediaBox[0 0 595 842]", b"/MediaBox[0 0 595 841]")
    assert changed != stamped
    (check,) = verify_pdf(changed, trust=our_trust(), anchors=authority().pdf_anchors())
    assert not check.intact


def test_a_pdf_seal_of_a_stranger_is_unknown_and_outside_the_ledger(stamped: bytes) -> None:
    (check,) = verify_pdf(stamped, trust=our_trust(), anchors=[])
    assert {finding.code for finding in check.findings} >= {"signer-unknown"}
    assert not check.valid


@pytest.mark.django_db
def test_what_is_no_pdf_is_said_to_be_none() -> None:
    with pytest.raises(PdfUnreadable):
        verify_pdf(b"%PDF-nothing", trust=our_trust(), anchors=[])
