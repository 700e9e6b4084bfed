"""Transfer and reception between installations (移交与接收, GB/T 18894 §9): a batch goes, a receipt comes back."""

from __future__ import annotations

import tempfile
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents import queries as files
from shuzheng.engines.documents.archive import batch, keeping
from shuzheng.engines.documents.archive.batch import Receipt
from shuzheng.engines.documents.archive.errors import BatchUnreadable, NothingToTransfer, ReceiptDisagrees
from shuzheng.engines.documents.archive.gateways import room, vault
from shuzheng.engines.documents.archive.models import ArchivePackage, ArchiveTransfer, PackageState, TransferState
from shuzheng.engines.documents.archive.package import problems_of
from shuzheng.engines.documents.archive.policies import MANAGE
from shuzheng.engines.documents.gateways import storage
from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.crypto import provider
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, NotPermitted
from shuzheng.kernel.id import new_id
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import local, now, today
from shuzheng.kernel.policy import may


class BeginTransferInput(Input):
    """Which packages, to whom, and who we are."""

    packages: list[UUID] = Field(min_length=1, max_length=500)
    receiver: str = Field(min_length=2, max_length=200)
    sender: str = Field(min_length=2, max_length=200)


class BeginTransfer(Action[BeginTransferInput, ArchiveTransfer]):
    """Make a batch of packages for other archives (移交); they stay here until the receipt comes. Raises NothingToTransfer."""

    name = "documents.begin_archive_transfer"
    permission = MANAGE
    title = _("移交档案")

    def perform(self, actor: Actor, given: BeginTransferInput) -> ArchiveTransfer:
        """Write the list."""
        rows = ArchivePackage.objects.filter(pk__in=given.packages, state=PackageState.KEPT, damaged_at=None)
        packages = list(rows.order_by("id"))
        if not packages or len(packages) < len(set(given.packages)):
            raise NothingToTransfer
        if not all(may(actor, MANAGE, str(package.division_path)) for package in packages):
            raise NotPermitted
        number = f"YJ-{today():%Y%m%d}-{str(new_id())[-6:].upper()}"
        lines = batch.lines_of(packages)
        made = ArchiveTransfer.objects.create(
            number=number,
            outgoing=True,
            sender=given.sender,
            receiver=given.receiver,
            state=TransferState.SENT,
            division_path=packages[0].division_path,
            batch_sm3=provider().sm3(batch.list_of(number, given.sender, lines)).hex(),
            batch=lines,
            lines=[],
            officer_name=actor.name,
        )
        self.about(made, division=str(made.division_path), number=number, packages=len(packages))
        return made


class ConfirmTransferInput(Input):
    """The receipt as the other side wrote it."""

    transfer_id: UUID
    receipt: str = Field(max_length=1_000_000)


class ConfirmTransfer(Action[ConfirmTransferInput, ArchiveTransfer]):
    """Take the receipt of a transfer: what was accepted is marked as handed over. Raises ReceiptDisagrees."""

    name = "documents.confirm_archive_transfer"
    permission = MANAGE
    title = _("登记移交回执")

    def scope(self, actor: Actor, given: ConfirmTransferInput) -> str:
        """Lock the transfer."""
        rows = ArchiveTransfer.objects.select_for_update().filter(pk=given.transfer_id, outgoing=True)
        found = rows.first()
        if found is None:
            raise NotFound
        self.transfer = found
        return str(found.division_path)

    def perform(self, actor: Actor, given: ConfirmTransferInput) -> ArchiveTransfer:
        """Compare with what was sent."""
        found = self.transfer
        try:
            receipt = Receipt.model_validate_json(given.receipt)
        except ValueError as problem:
            raise ReceiptDisagrees from problem
        sent = {line["record"]["code"] for line in found.batch}
        same = (receipt.format, receipt.number, receipt.batch_sm3) == (batch.RECEIPT, found.number, found.batch_sm3)
        if not same or {line.code for line in receipt.lines} != sent:
            raise ReceiptDisagrees
        accepted = [line.code for line in receipt.lines if line.accepted]
        ArchivePackage.objects.filter(code__in=accepted, state=PackageState.KEPT).update(
            state=PackageState.TRANSFERRED, due_on=None
        )
        found.lines = [line.model_dump() for line in receipt.lines]
        found.state, found.confirmed_at = TransferState.CONFIRMED, now()
        found.save()
        self.about(found, number=found.number, accepted=len(accepted))
        return found


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
            problem = batch.extract(packed, line, path) or self._refusal(line, path, actor)
            if not problem:
                key, _digest = vault().keep(path)
                self._write_down(line, key, sender)
        return {"code": code, "accepted": not problem, "problem": problem}

    def _refusal(self, line: batch.Line, path: Path, actor: Actor) -> str:
        """Return why an intact package is not taken over, or nothing."""
        with path.open("rb") as stream:
            if problems_of(stream):
                return "unsound"
        record = line.record
        if set(record) != set(batch.FIELDS):
            return "record"
        if not may(actor, MANAGE, str(record["division_path"])):
            return "division"
        same = Q(code=record["code"]) | Q(source="transfer", subject=record["subject"], version=record["version"])
        return "known" if ArchivePackage.objects.filter(same).exists() else ""

    def _write_down(self, line: batch.Line, key: str, sender: str) -> None:
        given = dict(line.record)
        for name in ("starts_on", "due_on"):
            given[name] = date.fromisoformat(given[name]) if given[name] else None
        given["closed_at"] = datetime.fromisoformat(given["closed_at"])
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
