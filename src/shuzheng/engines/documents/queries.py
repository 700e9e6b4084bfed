"""Reads of files and uploads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO
from uuid import UUID

from shuzheng.engines.documents.errors import InQuarantine, NoSuchFile, NoSuchUpload
from shuzheng.engines.documents.gateways import storage
from shuzheng.engines.documents.models import ScanStatus, StoredFile, Upload
from shuzheng.engines.documents.policies import may_read
from shuzheng.kernel import audit
from shuzheng.kernel.actor import Actor

#: Purpose recorded when neither the page nor the session names one.
PURPOSE = "documents.read"


def file(id: UUID, actor: Actor) -> StoredFile:
    """Return a file that the actor may read. Raises NoSuchFile, also when it exists but is none of their business."""
    found = StoredFile.objects.filter(pk=id).first()
    if found is None or not may_read(actor, found):
        raise NoSuchFile
    return found


def files(ids: Iterable[UUID]) -> dict[UUID, StoredFile]:
    """Return files by id in one statement, for records whose own permission was checked."""
    return StoredFile.objects.in_bulk(list(ids))


def owned(ids: Iterable[UUID], actor: Actor) -> dict[UUID, StoredFile]:
    """Return, of these ids, the intact files that the actor uploaded; a form keeps only these."""
    wanted = list(ids)
    if not wanted or not actor.account_id:
        return {}
    mine = StoredFile.objects.filter(owner_account_id=actor.account_id).exclude(scan_status=ScanStatus.INFECTED)
    return mine.in_bulk(wanted)


def open_file(id: UUID, actor: Actor, purpose: str = "") -> tuple[StoredFile, BinaryIO]:
    """Open a file for reading and record who read it and why. Raises NoSuchFile or InQuarantine."""
    found = file(id, actor)
    if found.scan_status == ScanStatus.QUARANTINED:
        raise InQuarantine
    try:
        stream = storage().verified(found.storage_key) if found.readable else None
    except FileNotFoundError:
        stream = None
    if stream is None:
        raise NoSuchFile
    audit.record(
        audit.Entry(
            kind="read",
            name="documents.open_file",
            actor=actor,
            subject_type=StoredFile._meta.label_lower,
            subject_id=str(found.pk),
            purpose=purpose or actor.purpose or PURPOSE,
        )
    )
    return found, stream


def own_upload(id: UUID, actor: Actor, *, lock: bool = False) -> Upload:
    """Return an upload of the actor's own account, locked until the transaction ends if asked. Raises NoSuchUpload."""
    uploads = Upload.objects.select_for_update(of=("self",)) if lock else Upload.objects.all()
    found = uploads.select_related("file").filter(pk=id, account_id=actor.account_id).first()
    if found is None:
        raise NoSuchUpload
    return found
