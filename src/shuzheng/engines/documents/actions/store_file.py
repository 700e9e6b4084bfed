"""Accept a file (存入文件)."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents import contents, queries
from shuzheng.engines.documents.errors import Infected, ScannerDown, UploadExpired, UploadIncomplete
from shuzheng.engines.documents.gateways import scanner, storage
from shuzheng.engines.documents.inspection import inspect
from shuzheng.engines.documents.models import ScanStatus, StoredFile, Upload
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.policy import SIGNED_IN


class StoreFileInput(Input):
    """Which upload."""

    upload_id: UUID


class StoreFile(Action[StoreFileInput, StoredFile]):
    """Turn a complete upload into a stored file; once more, and the same file comes back.

    When the scanner does not answer, the file is kept in quarantine. Raises UploadIncomplete, UploadExpired, WrongType,
    NameDisagrees, Infected or NoSuchUpload; the upload then stays for a further attempt.
    """

    name = "documents.store_file"
    permission = SIGNED_IN
    title = _("存入文件")

    def perform(self, actor: Actor, given: StoreFileInput) -> StoredFile:
        """Inspect, scan, store and remember."""
        upload = queries.own_upload(given.upload_id, actor, lock=True)
        if upload.file is None:
            upload.file = self._accept(upload, storage().part(upload.pk))
            upload.save(update_fields=["file"])
        file = upload.file
        self.about(file, content_type=file.content_type, size=file.size, sm3=file.sm3, scan=file.scan_status)
        return file

    def _accept(self, upload: Upload, part: Path) -> StoredFile:
        if upload.expired:
            raise UploadExpired
        if not part.exists() or part.stat().st_size != upload.length:
            raise UploadIncomplete
        kind = inspect(part, upload.name)
        status = scan(part)
        if status == ScanStatus.INFECTED:
            raise Infected
        key, digest = contents.keep(part)
        transaction.on_commit(lambda: part.unlink(missing_ok=True))
        return StoredFile.objects.create(
            name=upload.name,
            content_type=kind.content_type,
            size=upload.length,
            sm3=digest,
            storage_key=key,
            owner_account_id=upload.account_id,
            scan_status=status,
        )


def scan(part: Path) -> ScanStatus:
    """Return what the scanner says of a local file; a scanner that is down leaves it in quarantine."""
    try:
        with part.open("rb") as stream:
            verdict = scanner().scan(stream)
    except ScannerDown:
        return ScanStatus.QUARANTINED
    if verdict.virus:
        return ScanStatus.INFECTED
    return ScanStatus.CLEAN if verdict.scanned else ScanStatus.NOT_SCANNED
