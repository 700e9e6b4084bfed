"""Versions of a file (文件版本): storing a new one, and bringing an earlier one back as a new one."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents import contents, writing
from shuzheng.engines.documents.errors import FileGone, NoSuchFile, NotAVersion, VersionMoved
from shuzheng.engines.documents.models import FileRetention, FileRight, StoredFile
from shuzheng.engines.documents.policies import matters_of
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN


class VersionInput(Input):
    """Of which file, why, and from which version the change began."""

    file_id: UUID
    reason: str = Field(default="", max_length=200)
    #: Version that was opened; when a newer one was stored since, nothing is stored.
    based_on: int | None = Field(default=None, ge=1)


class AddVersionInput(VersionInput):
    """What becomes the new version: a file that the actor has just uploaded."""

    content_id: UUID


class AddVersion(Action[AddVersionInput, StoredFile]):
    """Make an uploaded file the next version of another (存入新版本); nothing is overwritten.

    The uploaded file itself becomes the version, so that its bytes were inspected and scanned once. While a refusal stands
    it stays the actor's own file. Raises NoSuchFile, FileLocked, VersionMoved, NotAVersion.
    """

    name = "documents.add_version"
    permission = SIGNED_IN
    title = _("存入新版本")

    def perform(self, actor: Actor, given: AddVersionInput) -> StoredFile:
        """Number it under the file's lock, so that of two writers one comes after the other."""
        first = writing.revisable(actor, given.file_id)
        writing.require_unlocked(actor, first)
        newest = _newest(first, given.based_on)
        version = self._content(actor, first, given.content_id)
        version.first, version.owner_account_id = first, first.owner_account_id
        version.version, version.reason, version.author_name = newest.version + 1, given.reason, actor.name
        version.created_at = now()
        version.save()
        self.about(version, file=str(first.pk), version=version.version, sm3=version.sm3, size=version.size)
        self.emit("documents.version_added", first.pk, version=version.version, id=str(version.pk))
        return version

    def _content(self, actor: Actor, first: StoredFile, content_id: UUID) -> StoredFile:
        """Return the uploaded file if nothing else relies on it. Raises NoSuchFile, NotAVersion."""
        rows = StoredFile.objects.select_for_update().filter(owner_account_id=actor.account_id)
        found = rows.filter(pk=content_id).first()
        if found is None:
            raise NoSuchFile
        taken = found.first_id is not None or found.pk == first.pk or found.bytes_gone_at is not None
        known = any(model.objects.filter(file=found).exists() for model in (FileRight, FileRetention))
        if taken or known or StoredFile.objects.filter(first=found).exists() or matters_of([found.pk]):
            raise NotAVersion
        return found


class RestoreVersion(Action[VersionInput, StoredFile]):
    """Bring an earlier version back as a new one (恢复旧版本); those between stay.

    ``file_id`` names the version. Restoring the newest changes nothing. Raises NoSuchFile, FileLocked, VersionMoved, FileGone.
    """

    name = "documents.restore_version"
    permission = SIGNED_IN
    title = _("恢复旧版本")

    def perform(self, actor: Actor, given: VersionInput) -> StoredFile:
        """Write a row that has the same bytes."""
        first = writing.revisable(actor, given.file_id)
        writing.require_unlocked(actor, first)
        newest = _newest(first, given.based_on)
        source = StoredFile.objects.get(pk=given.file_id)
        contents.share(source)
        source.refresh_from_db()
        if source.bytes_gone_at is not None:
            raise FileGone
        if source.pk == newest.pk:
            return newest
        version = StoredFile.objects.create(
            name=source.name,
            content_type=source.content_type,
            size=source.size,
            sm3=source.sm3,
            storage_key=source.storage_key,
            owner_account_id=first.owner_account_id,
            scan_status=source.scan_status,
            first=first,
            version=newest.version + 1,
            reason=given.reason,
            author_name=actor.name,
            restored_from=source.version,
        )
        self.about(version, file=str(first.pk), version=version.version, restored_from=source.version)
        self.emit("documents.version_added", first.pk, version=version.version, id=str(version.pk))
        return version


def _newest(first: StoredFile, based_on: int | None) -> StoredFile:
    """Return the newest version. Raises VersionMoved when the change began from an earlier one."""
    found = writing.versions(first).latest("version")
    if based_on is not None and based_on != found.version:
        raise VersionMoved(version=found.version)
    return found
