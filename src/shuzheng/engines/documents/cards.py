"""A file on one page: its versions, lock, rights, retention, and who looked (文件详情)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from shuzheng.engines.documents import keeping, queries, writing
from shuzheng.engines.documents.archive.models import ArchivePackage
from shuzheng.engines.documents.models import FileLock, FileRetention, FileRight, StoredFile, Use
from shuzheng.engines.documents.policies import Uses, is_holder, matters_of, rights_in_force, rights_of, uses_of
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.page import Page, page

#: Versions, grants and reads shown at once.
ROWS = 20


@dataclass(frozen=True)
class Keeping:
    """How long a file is kept, and by what."""

    retention: FileRetention | None
    #: Whether it belongs to a matter, so that the archive decides.
    follows: bool
    #: The archived packages of these matters; none while a matter is not over.
    packages: list[ArchivePackage]


@dataclass(frozen=True)
class FileCard:
    """What somebody may know of a file."""

    file: StoredFile
    #: What they may do with it.
    uses: Uses
    #: Whether it is their own.
    own: bool
    versions: Page[StoredFile]
    lock: FileLock | None
    keeping: Keeping
    #: Only for the holder: everybody it was granted to.
    rights: list[FileRight]

    @property
    def newest(self) -> StoredFile:
        """Return the newest version that they may see."""
        return self.versions.items[0] if self.versions.items else self.file

    @property
    def revisable(self) -> bool:
        """Say whether they may store a version if no lock forbids it."""
        return Use.REVISE in self.uses


def card(id: UUID, actor: Actor, after: str | None = None) -> FileCard:
    """Return what an actor may know of a file, in a fixed number of statements. Raises NoSuchFile."""
    found = queries.file(id, actor)
    own = is_holder(actor, found)
    rights = FileRight.objects.filter(file_id=found.head_id).order_by("-created_at", "-id")
    return FileCard(
        file=found,
        uses=uses_of(actor, found),
        own=own,
        versions=page(_visible(actor, found, own), order=("-version",), after=after, size=ROWS),
        lock=writing.lock_on(found),
        keeping=_keeping(found),
        rights=list(rights[:ROWS]) if own else [],
    )


def versions(id: UUID, actor: Actor, after: str | None = None) -> Page[StoredFile]:
    """Return the versions of a file that an actor may see, the newest first. Raises NoSuchFile."""
    found = queries.file(id, actor)
    return page(_visible(actor, found, is_holder(actor, found)), order=("-version",), after=after, size=ROWS)


def rights(id: UUID, actor: Actor, after: str | None = None) -> Page[FileRight]:
    """Return all grants of the actor's own file, the newest first; nothing of another's. Raises NoSuchFile."""
    found = queries.file(id, actor)
    rows = FileRight.objects.filter(file_id=found.head_id) if is_holder(actor, found) else FileRight.objects.none()
    return page(rows, order=("-created_at", "-id"), after=after, size=ROWS)


def mine(actor: Actor, after: str | None = None) -> Page[StoredFile]:
    """Return the actor's own files, the newest first, each once."""
    rows = StoredFile.objects.filter(owner_account_id=actor.account_id, first=None)
    return page(rows if actor.account_id else rows.none(), order=("-created_at", "-id"), after=after, size=ROWS)


def shared(actor: Actor, after: str | None = None) -> Page[FileRight]:
    """Return what others let the actor, or a unit of theirs, use now, the newest first."""
    rows = rights_in_force(actor).select_related("file")
    return page(rows, order=("-created_at", "-id"), after=after, size=ROWS)


def reads(file: StoredFile, after: str | None = None) -> Page[AuditRecord]:
    """Return who read any version of a file, newest first; the caller has made sure that the holder asks."""
    ids = [str(pk) for pk in writing.versions(file).values_list("pk", flat=True)]
    rows = AuditRecord.objects.filter(
        kind=AuditRecord.Kind.READ, subject_type=queries.SUBJECT, subject_id__in=ids, name=queries.OPENED
    )
    return page(rows, order=("-at", "-id"), after=after, size=ROWS)


def _visible(actor: Actor, found: StoredFile, own: bool) -> QuerySet[StoredFile]:
    """Whoever deals with a matter sees the version that was handed in; holders, and those they let, see all."""
    return writing.versions(found) if own or rights_of(actor, found) else StoredFile.objects.filter(Q(pk=found.pk))


def _keeping(found: StoredFile) -> Keeping:
    matters = matters_of([found.pk])
    packages = [package for matter in sorted(matters) if (package := keeping.package_of(matter))]
    return Keeping(FileRetention.objects.filter(file_id=found.head_id).first(), bool(matters), packages)
