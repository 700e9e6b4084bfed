"""Look again at a file in quarantine (重新检查)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.errors import NoSuchFile
from shuzheng.engines.documents.gateways import scanner, storage
from shuzheng.engines.documents.models import ScanStatus, StoredFile
from shuzheng.engines.documents.policies import SCAN
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input


class RescanFileInput(Input):
    """Which file."""

    file_id: UUID


class RescanFile(Action[RescanFileInput, StoredFile]):
    """Release a file from quarantine, or destroy it and tell its owner. Raises NoSuchFile or ScannerDown."""

    name = "documents.rescan_file"
    permission = SCAN
    title = _("重新检查文件")

    def perform(self, actor: Actor, given: RescanFileInput) -> StoredFile:
        """Scan; files of the same content share the verdict. A file that was judged meanwhile is left alone."""
        file = StoredFile.objects.select_for_update().filter(pk=given.file_id).first()
        if file is None:
            raise NoSuchFile
        self.about(file)
        if file.scan_status != ScanStatus.QUARANTINED or file.bytes_gone_at is not None:
            return file
        with storage().open(file.storage_key) as stream:
            verdict = scanner().scan(stream)
        file.scan_status = ScanStatus.INFECTED if verdict.virus else _passed(verdict.scanned)
        self.about(scan=file.scan_status)
        if verdict.virus:
            self._destroy(file, verdict.virus)
        else:
            file.save(update_fields=["scan_status"])
        return file

    def _destroy(self, file: StoredFile, virus: str) -> None:
        same = StoredFile.objects.filter(sm3=file.sm3)
        owners = list(same.values_list("pk", "owner_account_id"))
        same.update(scan_status=ScanStatus.INFECTED)
        for pk, owner in owners:
            self.emit("documents.file_infected", subject=pk, owner_account=str(owner or ""), virus=virus)
        transaction.on_commit(lambda: storage().remove(file.storage_key))


def _passed(scanned: bool) -> ScanStatus:
    return ScanStatus.CLEAN if scanned else ScanStatus.NOT_SCANNED
