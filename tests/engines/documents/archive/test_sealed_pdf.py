"""Seals on PDF are looked at on the way into the archive, like those on OFD."""

from __future__ import annotations

from typing import Any

from shuzheng.engines.documents.archive.actions import PackArchive
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.seals import results
from shuzheng.engines.documents.seals.actions import StampDocument
from shuzheng.testing.identity import a_unit, actor_of_officer, an_officer
from shuzheng.testing.seals import PLACE, a_file, a_grant, a_seal
from tests.engines.documents.archive.conftest import SYSTEM, content
from tests.engines.documents.seals.test_pdf import a_pdf


def test_a_sealed_pdf_is_verified_and_a_changed_one_makes_the_package_unsound(division: None) -> None:
    unit = a_unit("administrative-approval", name="赣州市章贡区行政审批局")
    officer = an_officer("李国华", unit=unit)
    clerk, seal = actor_of_officer(officer), a_seal(unit)
    a_grant(seal, officer, standing=True)
    told = {"seal_code": seal.code, "document_kind": "decision", "place": PLACE}
    done = StampDocument.do(clerk, told, file_id=a_file(clerk, "决定书.pdf", a_pdf()).pk)
    sealed = results.content_of(StoredFile.objects.get(pk=done.file_id))
    changed = sealed.replace(b"/MediaBox[0 0 595 842]", b"/MediaBox[0 0 595 841]")

    def packed(data: bytes) -> Any:
        file = results.keep(clerk, data, "决定书.pdf", results.PDF)
        documents = [{"role": "letter", "code": "decision", "title": "决定书", "file": file.pk}]
        return PackArchive.do(SYSTEM, content(documents=documents))

    assert packed(sealed).sound
    assert not packed(changed).sound
