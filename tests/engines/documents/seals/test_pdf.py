"""Seals on PDF: pyHanko's own validator agrees, and notices what was changed."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from shuzheng.engines.documents.seals.actions import RevokeSeal, StampDocument
from shuzheng.engines.documents.seals.authority import authority
from shuzheng.engines.documents.seals.errors import CannotStamp
from shuzheng.engines.documents.seals.models import Seal
from shuzheng.engines.documents.seals.results import content_of
from shuzheng.engines.documents.seals.trusting import our_trust
from shuzheng.engines.documents.seals.verify_pdf import PdfUnreadable, verify_pdf
from shuzheng.engines.identity.models import Officer
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.caching import forget_remembered
from shuzheng.kernel.moment import at, now
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


# What is done to a sealed PDF afterwards, by somebody who knows the format


def updated(data: bytes, change: Any) -> bytes:
    """Return a PDF with one more revision, in which something was changed."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def codes(data: bytes) -> list[set[str]]:
    """Return what is found of each seal."""
    checks = verify_pdf(data, trust=our_trust(), anchors=authority().pdf_anchors())
    return [{finding.code for finding in check.findings} for check in checks]


def draw(writer: IncrementalPdfFileWriter) -> None:
    """Paint over the first page."""
    page: Any = writer.find_page_for_modification(0)[0]
    page.get_object()["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"1 1 1 rg 0 0 595 842 re f"))
    writer.mark_update(page)


def annotate(writer: IncrementalPdfFileWriter) -> None:
    """Put a note over the first page, which readers show like content."""
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 200, 200)]),
            generic.pdf_name("/Contents"): generic.pdf_string("金额：一百万元"),
        }
    )
    writer.register_annotation(writer.find_page_for_modification(0)[0], writer.add_object(note))


def swap(writer: IncrementalPdfFileWriter) -> None:
    """Lead the catalogue to another tree of pages, prepared before the seal (a shadow attack)."""
    pages = writer.root["/Pages"]
    writer.root["/Pages"] = writer.add_object(generic.DictionaryObject(dict(pages.items())))
    writer.update_root()


@pytest.mark.parametrize("change", [draw, annotate, swap])
def test_a_revision_that_changes_what_is_seen_breaks_the_seal(stamped: bytes, change: Any) -> None:
    (found,) = codes(updated(stamped, change))
    assert "pdf-changed" in found


def test_a_revision_between_two_seals_breaks_the_first_only_where_it_changed_something(
    stamped: bytes, clerk: Actor, seal: Seal
) -> None:
    first, second = codes(stamp(clerk, seal, updated(stamped, draw), WHOLE))
    assert "pdf-changed" in first
    assert "pdf-changed" not in second
    first, second = codes(stamp(clerk, seal, stamped, {"page": 1, "x": 20, "y": 20}))
    assert first == {"pdf-added", "in-ledger"}
    assert second == {"in-ledger"}


def add_field(writer: IncrementalPdfFileWriter) -> None:
    """Add a field that readers let people fill in."""
    page: Any = writer.find_page_for_modification(0)[0]
    field = {"/FT": "/Tx", "/Type": "/Annot", "/Subtype": "/Widget"}
    told = generic.DictionaryObject({generic.pdf_name(k): generic.pdf_name(v) for k, v in field.items()})
    told["/T"], told["/P"] = generic.pdf_string("金额"), page
    told["/Rect"] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 200, 20)])
    place = writer.add_object(told)
    writer.register_annotation(page, place)
    form = generic.DictionaryObject({generic.pdf_name("/Fields"): generic.ArrayObject([place])})
    writer.root["/AcroForm"] = writer.add_object(form)
    writer.update_root()


def fill_in(writer: IncrementalPdfFileWriter) -> None:
    """Fill that field in."""
    field: Any = next(one for one in writer.root["/AcroForm"]["/Fields"] if one.get_object()["/FT"] == "/Tx")
    field.get_object()["/V"] = generic.pdf_string("一百万元")
    writer.mark_update(field)


def test_what_was_filled_in_behind_the_last_seal_is_nobodys(seal: Seal, applicant: Officer, clerk: Actor) -> None:
    """Allowed by the format, and still not what was sealed."""
    a_grant(seal, applicant, standing=True)
    form = stamp(clerk, seal, updated(a_pdf(), add_field), WHOLE)
    assert codes(form) == [{"in-ledger"}]
    (found,) = codes(updated(form, fill_in))
    assert found == {"pdf-added", "pdf-unsigned-end", "in-ledger"}
    (found, again) = codes(stamp(clerk, seal, updated(form, fill_in), {"page": 1, "x": 20, "y": 20}))
    assert found == {"pdf-added", "in-ledger"}
    assert again == {"in-ledger"}


def test_an_empty_place_for_a_further_signature_harms_nothing(stamped: bytes) -> None:
    added = updated(stamped, lambda writer: fields.append_signature_field(writer, fields.SigFieldSpec("Later")))
    assert codes(added) == [{"pdf-added", "in-ledger"}]


def test_a_seal_that_covers_part_of_the_file_only_is_told(stamped: bytes) -> None:
    """Bytes outside the range could be anything."""
    place = stamped.index(b"/ByteRange")
    told = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)( *)\]", stamped[place : place + 200])
    assert told is not None
    start, length, behind, rest = (int(number) for number in told.groups()[:4])
    cut = f"/ByteRange [{start} {length} {behind} {rest - 9}".encode()
    narrowed = stamped[:place] + cut.ljust(len(told.group()) - 1) + b"]" + stamped[place + len(told.group()) :]
    (found,) = codes(narrowed)
    assert {"pdf-partly", "value-wrong"} <= found


def test_a_pdf_of_a_revoked_seal_stays_valid_by_the_ledger_and_not_without(stamped: bytes, seal: Seal) -> None:
    with at(now() + timedelta(hours=1)):
        RevokeSeal.do(Actor.system("test"), seal_id=seal.pk, reason="机构撤销")
        forget_remembered()
        assert codes(stamped) == [{"in-ledger", "revoked-later"}]
        elsewhere = replace(our_trust(), logged=lambda _digest: None, standing=lambda _code: None)
        (check,) = verify_pdf(stamped, trust=elsewhere, anchors=authority().pdf_anchors())
        assert "revoked-unproven" in {finding.code for finding in check.findings}
        assert not check.valid
