"""The offline verifier on sealed files: which stamp the ledger recorded, and whether what it protects is unchanged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.ofd.package import Package
from shuzheng.engines.documents.seals import results
from shuzheng.engines.documents.seals.actions import StampDocument
from shuzheng.engines.documents.seals.models import SealUse
from shuzheng.engines.trust import ledger
from shuzheng.testing.identity import a_unit, actor_of_officer, an_officer
from shuzheng.testing.seals import PLACE, a_document, a_file, a_grant, a_seal
from tests.engines.documents.seals.test_pdf import a_pdf
from tools.verify_evidence import main

SEALED = {"决定书.ofd": a_document(), "决定书.pdf": a_pdf()}


@pytest.fixture
def sealed(db: None, tmp_path: Path, settings: Any) -> Any:
    """Return a function that seals a document and writes its evidence."""
    settings.HOME = tmp_path / "home"
    settings.ANTIVIRUS = "none"
    unit = a_unit("administrative-approval", name="赣州市章贡区行政审批局")
    officer = an_officer("李国华", unit=unit)
    clerk, seal = actor_of_officer(officer), a_seal(unit)
    a_grant(seal, officer, standing=True)

    def make(name: str) -> bytes:
        told = {"seal_code": seal.code, "document_kind": "decision", "place": PLACE}
        done = StampDocument.do(clerk, told, file_id=a_file(clerk, name, SEALED[name]).pk)
        ledger.sequence()
        found = ledger.evidence(SealUse.objects.get(pk=done.use_id).ledger_entry)
        assert found is not None
        (tmp_path / "evidence.json").write_text(json.dumps(found.model_dump()))
        return results.content_of(StoredFile.objects.get(pk=done.file_id))

    return make


def run(folder: Path, data: bytes, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run the verifier over a sealed file."""
    (folder / "sealed").write_bytes(data)
    status = main([str(folder / "evidence.json"), "--file", str(folder / "sealed"), "--english"])
    told = capsys.readouterr()
    return status, told.out + told.err


@pytest.mark.parametrize("name", SEALED)
def test_a_sealed_file_bears_the_recorded_stamp_and_is_unchanged(
    name: str, sealed: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = sealed(name)
    status, told = run(tmp_path, data, capsys)
    assert status == 0, told
    assert "bears the stamp" in told
    assert "What it protects is unchanged" in told
    status, told = run(tmp_path, SEALED[name], capsys)
    assert status == 1
    assert "does NOT bear" in told


def test_a_sealed_pdf_that_was_changed_or_added_to_is_told(
    sealed: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = sealed("决定书.pdf")
    status, told = run(tmp_path, data.replace(b"0 0 595 842", b"0 0 595 841", 1), capsys)
    assert status == 1
    assert "CHANGED" in told
    status, told = run(tmp_path, data + b"\n% more", capsys)
    assert "bytes were added" in told


def test_a_sealed_ofd_that_was_changed_is_told_by_the_parts_name(
    sealed: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = Package.open(sealed("决定书.ofd"))
    package.put("Doc_0/Document.xml", package.read("Doc_0/Document.xml") + b" ")
    status, told = run(tmp_path, package.to_bytes(), capsys)
    assert status == 1
    assert "Doc_0/Document.xml is CHANGED" in told
    assert run(tmp_path, b"no document", capsys)[0] == 2
