"""Taking packages out: as a zip with its evidence, as a folder that verifies itself, as a batch for other archives."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from shuzheng.engines.documents.archive import batch, keeping, queries
from shuzheng.engines.documents.archive.errors import NoSuchPackage
from shuzheng.engines.documents.archive.models import ArchivePackage, ArchiveTransfer
from shuzheng.engines.documents.archive.package import unpack
from shuzheng.engines.documents.archive.verifier import verify
from shuzheng.engines.documents.gateways.storage import PIECE
from shuzheng.engines.trust.audit import PERSON, record_read
from shuzheng.kernel.actor import Actor

FIRM = "identity.legalperson"


def export(actor: Actor, package_id: UUID, purpose: str) -> tuple[ArchivePackage, IO[bytes]]:
    """Return a package with its evidence as a zip in a temporary file; who took it and why is recorded.

    Raises NoSuchPackage, ContentGone, ContentLost, PurposeMissing.
    """
    package = queries.package(actor, package_id)
    with ExitStack() as stack:
        stream = stack.enter_context(keeping.content_of(package))
        _record(actor, package, purpose)
        out = stack.enter_context(_scratch())
        shutil.copyfileobj(stream, out, PIECE)
        if proof := evidence_of(package):
            with zipfile.ZipFile(out, "a") as packed:
                packed.writestr(verify.EVIDENCE, proof)
        out.seek(0)
        stream.close()
        stack.pop_all()
        return package, out


def to_folder(actor: Actor, package_id: UUID, folder: Path, purpose: str) -> Path:
    """Write a package with its evidence into a new folder and return it. Raises as ``export`` does, and FileExistsError."""
    package, packed = export(actor, package_id, purpose)
    target = folder / f"{package.number}-v{package.version}"
    target.mkdir(parents=True)
    with packed:
        unpack(packed, target)
    return target


def evidence_of(package: ArchivePackage) -> bytes | None:
    """Return the ledger's proof of a package's manifest as a file, once there is one."""
    proof = queries.evidence(package)
    return json.dumps(proof.model_dump(), ensure_ascii=False, indent=1).encode() if proof else None


def batch_of(actor: Actor, transfer: ArchiveTransfer) -> IO[bytes]:
    """Return the file of an outgoing batch, its packages unchanged since its list was written.

    Raises NoSuchPackage, ContentGone, ContentLost.
    """
    with ExitStack() as stack:
        out = stack.enter_context(_scratch())
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as packed:
            for line in transfer.batch:
                _pack(actor, transfer, line, packed)
            packed.writestr(batch.LIST, batch.list_of(transfer.number, transfer.sender, transfer.batch))
        out.seek(0)
        stack.pop_all()
        return out


def _pack(actor: Actor, transfer: ArchiveTransfer, line: dict[str, Any], packed: zipfile.ZipFile) -> None:
    """Put one package into a batch."""
    record = line["record"]
    found = ArchivePackage.objects.filter(code=record["code"], sm3=record["sm3"]).first()
    if found is None:
        raise NoSuchPackage
    with keeping.content_of(found) as stream:
        _record(actor, found, transfer.number)
        with packed.open(line["path"], "w", force_zip64=True) as inside:
            shutil.copyfileobj(stream, inside, PIECE)


def _scratch() -> IO[bytes]:
    """Return a file that vanishes when it is closed."""
    return tempfile.TemporaryFile()


def _record(actor: Actor, package: ArchivePackage, purpose: str) -> None:
    """Record that a person's file was taken out; a destroyed one names nobody any more."""
    kind = FIRM if package.party_kind == "legal" else PERSON
    subject = package.party_id or package.subject
    case = package.subject if package.source != "transfer" else None
    record_read(actor, purpose, kind, subject, package.elements or ["name"], case, name="documents.export_archive")
