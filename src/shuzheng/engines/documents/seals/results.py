"""Reading documents to be stamped and keeping stamped ones."""

from __future__ import annotations

from django.db import transaction

from shuzheng.engines.documents import contents
from shuzheng.engines.documents import errors as failures
from shuzheng.engines.documents.errors import FileGone, InQuarantine, NoSuchFile
from shuzheng.engines.documents.gateways import storage
from shuzheng.engines.documents.inspection import clean_name
from shuzheng.engines.documents.models.stored_file import ScanStatus, StoredFile
from shuzheng.engines.documents.seals.errors import StorageFull
from shuzheng.engines.documents.seals.models import SealUse, StampedFile
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.id import new_id

OFD, PDF = "application/ofd", "application/pdf"


def content_of(file: StoredFile) -> bytes:
    """Return the bytes of a file. Raises InQuarantine, FileGone, NoSuchFile."""
    if file.bytes_gone_at is not None:
        raise FileGone
    if file.scan_status == ScanStatus.QUARANTINED:
        raise InQuarantine
    try:
        with storage().verified(file.storage_key) as stream:
            return stream.read()
    except FileNotFoundError:
        raise NoSuchFile from None


def keep(actor: Actor, data: bytes, name: str, content_type: str) -> StoredFile:
    """Store what we made ourselves; nothing of it stays if the transaction fails. Raises StorageFull."""
    part = storage().part(new_id())
    try:
        part.write_bytes(data)
        key, digest = contents.keep(part)
    except (OSError, failures.StorageFull) as failure:
        part.unlink(missing_ok=True)
        raise StorageFull from failure
    transaction.on_commit(lambda: part.unlink(missing_ok=True))
    return StoredFile.objects.create(
        name=clean_name(name),
        content_type=content_type,
        size=len(data),
        sm3=digest,
        storage_key=key,
        owner_account_id=actor.account_id,
        scan_status=ScanStatus.CLEAN,
    )


def keep_stamped(actor: Actor, data: bytes, name: str, use: SealUse) -> StoredFile:
    """Store a stamped document, and note whose stamp it carries so that nothing ends it. Raises StorageFull."""
    kept = keep(actor, data, name, type_of(data))
    StampedFile.objects.create(file=kept, use=use)
    return kept


def type_of(data: bytes) -> str:
    """Return the content type of a stamped document."""
    return PDF if data.startswith(b"%PDF") else OFD
