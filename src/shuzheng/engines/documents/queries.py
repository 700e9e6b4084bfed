"""Reads of files and uploads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO
from uuid import UUID

from shuzheng.engines.documents.errors import FileGone, InQuarantine, NoSuchFile, NoSuchUpload
from shuzheng.engines.documents.gateways import storage
from shuzheng.engines.documents.models import ScanStatus, StoredFile, Upload, Use
from shuzheng.engines.documents.policies import ground_of, is_holder
from shuzheng.engines.identity.models import Account
from shuzheng.engines.trust.audit import PERSON, record_read
from shuzheng.kernel.actor import Actor

#: Purpose recorded when neither the page nor the session names one.
PURPOSE = "documents.read"
#: What the audit calls a file.
SUBJECT = StoredFile._meta.label_lower
#: What the audit calls opening one.
OPENED = "documents.open_file"


def file(id: UUID, actor: Actor, use: Use = Use.READ) -> StoredFile:
    """Return a file that the actor may use so. Raises NoSuchFile, also when it exists but is none of their business."""
    return _usable(id, actor, use)[0]


def _usable(id: UUID, actor: Actor, use: Use) -> tuple[StoredFile, str]:
    """Return a file and the purpose for which the actor may use it so. Raises NoSuchFile."""
    found = StoredFile.objects.filter(pk=id).first()
    ground = ground_of(actor, found, use) if found is not None else None
    if found is None or ground is None:
        raise NoSuchFile
    return found, ground


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


def open_file(id: UUID, actor: Actor, purpose: str = "", use: Use = Use.READ) -> tuple[StoredFile, BinaryIO]:
    """Open a file and record who used it, how and why. Raises NoSuchFile, InQuarantine, FileGone or StorageDown.

    What a grant of the holder opens is recorded with the grant's purpose.
    """
    found, ground = _usable(id, actor, use)
    if found.bytes_gone_at is not None:
        raise FileGone
    if found.scan_status == ScanStatus.QUARANTINED:
        raise InQuarantine
    try:
        stream = storage().verified(found.storage_key) if found.readable else None
    except FileNotFoundError:
        stream = None
    if stream is None:
        raise NoSuchFile
    why = ground or purpose or actor.purpose or PURPOSE
    record_read(actor, why, SUBJECT, found.pk, [use], name=OPENED)
    if not is_holder(actor, found):
        _tell_owner(found, actor, why)
    return found, stream


def _tell_owner(found: StoredFile, actor: Actor, why: str) -> None:
    """Record the read as one about the person whose file it is, so that they find it under 谁看过我的数据."""
    person = Account.objects.filter(pk=found.owner_account_id).values_list("person_id", flat=True).first()
    if person is not None and person != actor.person_id:
        record_read(actor, why, PERSON, person, ["file"], name=OPENED)


def own_upload(id: UUID, actor: Actor, *, lock: bool = False) -> Upload:
    """Return an upload of the actor's own account, locked until the transaction ends if asked. Raises NoSuchUpload."""
    uploads = Upload.objects.select_for_update(of=("self",)) if lock else Upload.objects.all()
    found = uploads.select_related("file").filter(pk=id, account_id=actor.account_id).first()
    if found is None:
        raise NoSuchUpload
    return found
