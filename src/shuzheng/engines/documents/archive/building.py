"""Building a package from what was handed over; every part is looked at on the way in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from shuzheng.engines.documents.archive import checks, contributing
from shuzheng.engines.documents.archive.checks import LASTING, Finding
from shuzheng.engines.documents.archive.content import ArchiveContent, GivenDocument
from shuzheng.engines.documents.archive.forms import FormNotRendered, rendered
from shuzheng.engines.documents.archive.package import Entry, Writer
from shuzheng.engines.documents.gateways import storage
from shuzheng.engines.documents.inspection import TYPES
from shuzheng.engines.documents.models.stored_file import ScanStatus, StoredFile
from shuzheng.engines.documents.seals.reading import NotCheckable, check_document
from shuzheng.engines.trust.ledger import evidence_of_record
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.moment import local

#: Acts whose evidence goes into a package at most.
MOST_ACTS = 200
#: What may bear seals.
SEALABLE = frozenset({TYPES["ofd"].content_type, TYPES["pdf"].content_type})
_EXTENSIONS = {kind.content_type: kind.extensions[0] for kind in TYPES.values()}


@dataclass
class Built:
    """A package on the local disk, not stored yet."""

    path: Path
    manifest: bytes = b""
    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@contextmanager
def building(content: ArchiveContent, *, code: str, version: int) -> Iterator[Built]:
    """Build a package in a scratch folder, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="archive-") as scratch:
        built = Built(Path(scratch) / "package.zip")
        writer = Writer(built.path, at=content.closed_at)
        _Assembly(content, writer, built.findings).write(code, version)
        built.manifest = writer.finish(code=code, title=content.title, version=version)
        built.entries = writer.entries
        yield built


def metadata_of(content: ArchiveContent, code: str, version: int) -> dict[str, Any]:
    """Return the metadata under the names of DA/T 85-2019 and DA/T 46-2009."""
    rule = content.rule
    return {
        **content.metadata,
        "档号": code,
        "版本": version,
        "题名": content.title,
        "全宗号": content.fonds,
        "立档单位": content.organ,
        "门类": rule.category,
        "分类号": rule.classification,
        "年度": content.year,
        "保管期限": rule.retention,
        "到期处置": rule.nomination,
        "划分依据": rule.basis,
        "责任者": content.organ or content.fonds,
        "密级": rule.secrecy or content.secrecy,
        "办件编号": content.number,
        "事项代码": content.item_code,
        "申请人": content.party.name,
        "办结时间": local(content.closed_at).isoformat(timespec="seconds"),
        "摘要算法": "SM3",
    }


class _Assembly:
    """One package on its way."""

    def __init__(self, content: ArchiveContent, writer: Writer, findings: list[Finding]) -> None:
        self.content, self.writer, self.findings = content, writer, findings
        self.signatures: list[dict[str, Any]] = []
        self.number = 0

    def write(self, code: str, version: int) -> None:
        """Write every part."""
        content, wanted = self.content, set(self.content.rule.documents)
        metadata = metadata_of(content, code, version)
        self.findings += checks.of_metadata(metadata)
        self.writer.add_json("metadata.json", "元数据", "metadata", metadata)
        if "process" in wanted:
            self.findings += checks.of_process(content.process)
            self.writer.add_json("process.json", "办理过程", "process", content.process)
        if "form" in wanted and content.form:
            self._form()
        for given in [*content.documents, *contributing.contributed(content.source, content.subject)]:
            if given.role in wanted:
                self._document(given)
        self.findings += [Finding("required-missing", title) for title in content.missing.values()]
        self.writer.add_json("signatures.json", "电子印章验证结果", "evidence", self.signatures)
        self._acts()

    def _form(self) -> None:
        rows = [row.model_dump() for row in self.content.form]
        self.writer.add_json("form.json", "申请表（结构化）", "form", rows)
        try:
            data = rendered(self.content)
        except FormNotRendered as problem:
            self.findings.append(Finding("form-not-rendered", str(problem)))
            return
        self.writer.add(self._place("form", "form", "ofd"), "申请表", "form", BytesIO(data))

    def _document(self, given: GivenDocument) -> None:
        found = StoredFile.objects.filter(pk=given.file).first()
        try:
            stream = storage().open(found.storage_key) if found is not None and found.readable else None
        except FileNotFoundError:
            stream = None
        if found is None or stream is None:
            waiting = found is not None and found.scan_status == ScanStatus.QUARANTINED
            self.findings.append(Finding("quarantined" if waiting else "bytes-missing", given.title))
            return
        place = self._place(given.role, given.code, _EXTENSIONS.get(found.content_type, "bin"))
        with stream:
            entry = self.writer.add(place, given.title, given.role, stream)
        self._look_at(found, given, entry)

    def _look_at(self, found: StoredFile, given: GivenDocument, entry: Entry) -> None:
        """Compare with what was received, and open what can be opened."""
        if entry.sm3 != found.sm3:
            self.findings.append(Finding("bytes-differ", given.title))
        if found.content_type not in LASTING:
            self.findings.append(Finding("not-lasting", given.title))
        if found.scan_status == ScanStatus.NOT_SCANNED:
            self.findings.append(Finding("not-scanned", given.title))
        if found.content_type in SEALABLE:
            self._look_at_seals(found, given, entry)

    def _look_at_seals(self, found: StoredFile, given: GivenDocument, entry: Entry) -> None:
        with storage().open(found.storage_key) as stream:
            data = stream.read()
        try:
            stamps = check_document(data)
        except NotCheckable:
            self.findings.append(Finding("unreadable", given.title))
            return
        for stamp in stamps:
            self.signatures.append(
                {
                    "path": entry.path,
                    "seal": stamp.seal_name,
                    "signer": stamp.signer,
                    "signed_at": stamp.signed_at,
                    "valid": stamp.valid,
                    "findings": [finding.message for finding in stamp.findings],
                }
            )
            if not stamp.valid:
                self.findings.append(Finding("seal-broken", f"{given.title} {stamp.seal_name}"))

    def _acts(self) -> None:
        """Add the evidence of every act on the matter that has its place in the ledger."""
        records = AuditRecord.objects.filter(case_id=self.content.subject, kind=AuditRecord.Kind.ACT).order_by("id")
        proofs = [evidence_of_record(record) for record in records[:MOST_ACTS]]
        acts = [proof.model_dump() for proof in proofs if proof is not None]
        if not proofs:
            self.findings.append(Finding("no-acts"))
        self.writer.add_json("evidence/acts.json", "办理动作的存证", "evidence", acts)

    def _place(self, role: str, code: str, extension: str) -> str:
        self.number += 1
        safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in code)[:40]
        return f"documents/{self.number:02d}-{role}-{safe}.{extension}".replace(f"{role}-{role}", role)
