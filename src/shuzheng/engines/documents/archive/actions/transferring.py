"""Handing archives over to another installation (移交, GB/T 18894 §9): a batch goes, a receipt comes back."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.archive import batch
from shuzheng.engines.documents.archive.batch import Receipt
from shuzheng.engines.documents.archive.errors import NothingToTransfer, ReceiptDisagrees
from shuzheng.engines.documents.archive.models import ArchivePackage, ArchiveTransfer, PackageState, TransferState
from shuzheng.engines.documents.archive.policies import MANAGE
from shuzheng.engines.trust.crypto import provider
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, NotPermitted
from shuzheng.kernel.id import new_id
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now, today
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
