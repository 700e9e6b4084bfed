"""Taking archives over from another installation (接收): every package is verified by itself."""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pydantic import Field, ValidationError

from shuzheng.engines.documents import queries as files
from shuzheng.engines.documents.archive import batch, keeping
from shuzheng.engines.documents.archive.batch import Receipt, Record
from shuzheng.engines.documents.archive.errors import BatchUnreadable
from shuzheng.engines.documents.archive.gateways import room, vault
from shuzheng.engines.documents.archive.models import ArchivePackage, ArchiveTransfer, TransferState
from shuzheng.engines.documents.archive.package import problems_of
from shuzheng.engines.documents.archive.policies import MANAGE
from shuzheng.engines.documents.archive.verifier import verify
from shuzheng.engines.documents.gateways import storage
from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.crypto import provider
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import local, now
from shuzheng.kernel.policy import may


class ReceiveTransferInput(Input):
    """The uploaded batch, who we are, and the division under which its packages are kept here."""

    upload_id: UUID
    receiver: str = Field(min_length=2, max_length=200)


class ReceiveTransfer(Action[ReceiveTransferInput, ArchiveTransfer]):
    """Take over a batch (接收): every package is verified by itself, and what is not intact is refused with its reason.

    The same batch once more gives the same transfer. Raises BatchUnreadable.
    """

    name = "documents.receive_archive_transfer"
    permission = MANAGE
    title = _("接收档案")

    def perform(self, actor: Actor, given: ReceiveTransferInput) -> ArchiveTransfer:
        """Read the list, then each package."""
        upload = files.own_upload(given.upload_id, actor, lock=True)
        try:
            with zipfile.ZipFile(storage().part(upload.pk)) as packed:
                listed, digest = batch.read_list(packed)
                before = ArchiveTransfer.objects.filter(number=_ours(listed.number), batch_sm3=digest).first()
                if before is not None:
                    return before
                lines = [self._take(packed, line, listed.sender, actor) for line in listed.packages]
        except (zipfile.BadZipFile, FileNotFoundError) as problem:
            raise BatchUnreadable from problem
        made = ArchiveTransfer.objects.create(
            number=_ours(listed.number),
            outgoing=False,
            sender=listed.sender,
            receiver=given.receiver,
            state=TransferState.RECEIVED,
            division_path=next((str(line.record.get("division_path")) for line in listed.packages), "0"),
            batch_sm3=digest,
            batch=[],
            lines=lines,
            officer_name=actor.name,
            confirmed_at=now(),
        )
        part = storage().part(upload.pk)
        transaction.on_commit(lambda: part.unlink(missing_ok=True))
        self.about(made, number=made.number, accepted=made.accepted, refused=len(lines) - made.accepted)
        return made

    def _take(self, packed: zipfile.ZipFile, line: batch.Line, sender: str, actor: Actor) -> dict[str, Any]:
        code = str(line.record.get("code", line.path))[:200]
        with tempfile.TemporaryDirectory(prefix="archive-") as scratch, room():
            path = Path(scratch) / "package.zip"
            problem = batch.extract(packed, line, path) or _refusal(line, path, actor)
            if not problem:
                key, _digest = vault().keep(path)
                _write_down(Record.model_validate(line.record), key, sender)
        return {"code": code, "accepted": not problem, "problem": problem}


def _refusal(line: batch.Line, path: Path, actor: Actor) -> str:
    """Return why a package that arrived as it was sent is not taken over, or nothing."""
    with path.open("rb") as stream:
        if problems_of(stream):
            return "unsound"
    try:
        record = Record.model_validate(line.record)
    except ValidationError:
        return "record"
    if not _describes(record, path):
        return "record"
    if not may(actor, MANAGE, record.division_path):
        return "division"
    same = Q(code=record.code) | Q(source="transfer", subject=record.subject, version=record.version)
    return "known" if ArchivePackage.objects.filter(same).exists() else ""


def _describes(record: Record, path: Path) -> bool:
    """Say whether a record is that of the package which came with it."""
    with zipfile.ZipFile(path) as packed:
        manifest = packed.read(verify.MANIFEST)
    listed = json.loads(manifest)
    same = (listed.get("code"), listed.get("files")) == (record.code, record.contents)
    return same and provider().sm3(manifest).hex() == record.manifest_sm3


def _write_down(record: Record, key: str, sender: str) -> None:
    given = {name: getattr(record, name) for name in batch.FIELDS}
    given |= {"rule": record.rule.model_dump(mode="json"), "dates": record.dates.model_dump(mode="json")}
    package = ArchivePackage(source="transfer", storage_key=key, received_from=sender, **given)
    entry = ledger.append(keeping.RECEIVED, package.code, {"digest": package.manifest_sm3, "algorithm": "sm3"})
    package.ledger_entry = entry.id
    package.save()


def receipt_of(transfer: ArchiveTransfer) -> Receipt:
    """Return the receipt of a batch that was taken over."""
    return Receipt(
        format=batch.RECEIPT,
        number=transfer.number.removeprefix(_ours("")),
        batch_sm3=transfer.batch_sm3,
        receiver=transfer.receiver,
        received_at=local(transfer.created_at).isoformat(timespec="seconds"),
        lines=[batch.ReceiptLine.model_validate(line) for line in transfer.lines],
    )


def _ours(number: str) -> str:
    """Return the number under which a batch is entered here, so that both sides may be one installation in a trial."""
    return f"JS-{number}"
