"""Taking packages out: as a zip with its evidence, as a folder that verifies itself, as a batch for other archives."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from uuid import UUID

from shuzheng.engines.documents.archive import batch, keeping, queries
from shuzheng.engines.documents.archive.errors import ContentGone, NoSuchPackage
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
    _record(actor, package, purpose)
    out = _scratch()
    with keeping.content_of(package) as stream:
        shutil.copyfileobj(stream, out, PIECE)
    if proof := evidence_of(package):
        with zipfile.ZipFile(out, "a") as packed:
            packed.writestr(verify.EVIDENCE, proof)
    out.seek(0)
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


@contextmanager
def batch_of(actor: Actor, transfer: ArchiveTransfer) -> Iterator[IO[bytes]]:
    """Give the file of an outgoing batch, its packages unchanged since its list was written. Raises ContentGone."""
    with tempfile.TemporaryFile() as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as packed:
            for line in transfer.batch:
                found = ArchivePackage.objects.filter(code=line["record"]["code"]).first()
                if found is None:
                    raise NoSuchPackage
                if found.sm3 != line["record"]["sm3"]:
                    raise ContentGone
                _record(actor, found, transfer.number)
                with keeping.content_of(found) as stream, packed.open(line["path"], "w", force_zip64=True) as inside:
                    shutil.copyfileobj(stream, inside, PIECE)
            packed.writestr(batch.LIST, batch.list_of(transfer.number, transfer.sender, transfer.batch))
        out.seek(0)
        yield out


def _scratch() -> IO[bytes]:
    """Return a file that vanishes when it is closed."""
    return tempfile.TemporaryFile()


def _record(actor: Actor, package: ArchivePackage, purpose: str) -> None:
    """Record that a person's file was taken out; a destroyed one names nobody any more."""
    kind = FIRM if package.party_kind == "legal" else PERSON
    subject = package.party_id or package.subject
    case = package.subject if package.source != "transfer" else None
    record_read(actor, purpose, kind, subject, package.elements or ["name"], case, name="documents.export_archive")
