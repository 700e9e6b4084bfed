"""What every change of a file asks first: the file itself, locked, and who may change it now."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from shuzheng.engines.documents.errors import FileLocked, NoSuchFile
from shuzheng.engines.documents.models import FileLock, StoredFile, Use
from shuzheng.engines.documents.policies import is_holder, may_with_files, uses_of
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.moment import local, now


def head(file_id: UUID) -> StoredFile:
    """Return the first version of a file by any of its versions, locked until the transaction ends. Raises NoSuchFile."""
    found = StoredFile.objects.filter(pk=file_id).only("id", "first_id").first()
    if found is None:
        raise NoSuchFile
    return StoredFile.objects.select_for_update().get(pk=found.head_id)


def revisable(actor: Actor, file_id: UUID) -> StoredFile:
    """Return a file, locked, of which the actor may store versions. Raises NoSuchFile, also where it is not theirs to know."""
    found = head(file_id)
    if Use.REVISE not in uses_of(actor, found):
        raise NoSuchFile
    return found


def own(actor: Actor, file_id: UUID) -> StoredFile:
    """Return a file of the actor's own, locked. Raises NoSuchFile."""
    found = head(file_id)
    if not is_holder(actor, found):
        raise NoSuchFile
    return found


def official(actor: Actor, permission: str, file: StoredFile) -> bool:
    """Say whether an official may do something with a file of another's."""
    return may_with_files(actor, permission, list(versions(file).values_list("pk", flat=True)))


def head_for(actor: Actor, permission: str, file_id: UUID) -> StoredFile:
    """Return a file, locked, with which an official may do something. Raises NoSuchFile, NotPermitted."""
    found = head(file_id)
    if not official(actor, permission, found):
        raise NotPermitted
    return found


def lock_on(file: StoredFile) -> FileLock | None:
    """Return the lock that is in force on a file; it changes only under the file's own row lock."""
    found = FileLock.objects.filter(file_id=file.head_id).first()
    return found if found is not None and found.holds(now()) else None


def require_unlocked(actor: Actor, file: StoredFile) -> FileLock | None:
    """Let whoever holds the lock pass, and everybody where there is none. Raises FileLocked, naming who and until when."""
    found = lock_on(file)
    if found is not None and found.holder_id != actor.account_id:
        raise FileLocked(holder=found.holder_name, until=f"{local(found.until):%Y-%m-%d %H:%M}")
    return found


def versions(file: StoredFile) -> QuerySet[StoredFile]:
    """Return all versions of a file."""
    return StoredFile.objects.filter(Q(pk=file.head_id) | Q(first_id=file.head_id))
