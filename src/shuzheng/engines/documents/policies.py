"""Who may do what with a file: its holder all, others what an engine above vouches for or the holder has granted."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.models.file_right import FileRight, Use
from shuzheng.engines.documents.models.stored_file import StoredFile
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import may, permission, scopes
from shuzheng.kernel.registry import Registry

SCAN = permission("documents.scan", _("重新检查隔离的文件"))
#: Take a lock from whoever holds it, for a stated reason.
UNLOCK = permission("documents.unlock_files", _("强制解除文件锁定"))
#: Set how long files of others are kept, and stop their destruction.
RETAIN = permission("documents.retain_files", _("管理文件留存期"))

Uses = frozenset[Use]
NOTHING: Uses = frozenset()
EVERYTHING: Uses = frozenset(Use)
#: What an official may do who deals with the matter that a file belongs to.
LOOK: Uses = frozenset({Use.READ, Use.DOWNLOAD, Use.PRINT})
#: What the party of that matter may do.
OWN: Uses = LOOK | {Use.REUSE}

#: Says what an actor may do with a file, e.g. because it is attached to a case that the actor may see.
Vouching = Callable[[Actor, StoredFile], Uses]
_vouching: Registry[Vouching] = Registry("voucher for readers of files")

#: Says to which matters, by id, any of these files belong.
Belonging = Callable[[Collection[UUID]], set[UUID]]
_belonging: Registry[Belonging] = Registry("keeper of files")
#: Returns the files that belong to a matter.
FilesOf = Callable[[UUID], set[UUID]]
_files_of: Registry[FilesOf] = Registry("files of matters")
#: Returns the division path in which a matter lies, empty for a matter of another engine.
Placing = Callable[[UUID], str]
_placing: Registry[Placing] = Registry("divisions of matters")


def vouch(engine: str, uses: Vouching) -> Vouching:
    """Let an engine say who may do what with files that its own records refer to. Raises DuplicateName."""
    return _vouching.add(engine, uses)


def belong(engine: str, matters: Belonging, files: FilesOf) -> None:
    """Let an engine say which matters files belong to: as long as these last, the files do. Raises DuplicateName."""
    _belonging.add(engine, matters)
    _files_of.add(engine, files)


def place(engine: str, division: Placing) -> Placing:
    """Let an engine say in which division its matters lie. Raises DuplicateName."""
    return _placing.add(engine, division)


def matters_of(files: Collection[UUID]) -> set[UUID]:
    """Return the matters to which any of these files belong."""
    return {matter for matters in _belonging.values() for matter in matters(files)}


def files_of(matter: UUID) -> set[UUID]:
    """Return the files that belong to a matter."""
    return {file for files in _files_of.values() for file in files(matter)}


def may_with_files(actor: Actor, name: str, files: Collection[UUID]) -> bool:
    """Say whether an official may do something with others' files: in the division of a matter that they belong to.

    Where they belong to none, only whoever may do it everywhere.
    """
    if not may(actor, name):
        return False
    matters = matters_of(files)
    paths = {path for matter in matters for division in _placing.values() if (path := division(matter))}
    return scopes(actor, name) == [""] or any(may(actor, name, path) for path in paths)


def is_holder(actor: Actor, file: StoredFile) -> bool:
    """Say whether an actor is the holder (权利人) of a file: whose account handed it in."""
    return actor.account_id is not None and actor.account_id == file.owner_account_id


def vouched(actor: Actor, file: StoredFile) -> Uses:
    """Return what the records of other engines open to an actor."""
    return NOTHING.union(*(uses(actor, file) for uses in _vouching.values()))


def rights_in_force(actor: Actor) -> QuerySet[FileRight]:
    """Return everything that holders have granted to an actor or a unit of theirs, that is not over and not taken back."""
    if actor.account_id is None:
        return FileRight.objects.none()
    mine = Q(account_id=actor.account_id) | Q(unit_id__in=actor.unit_ids)
    return FileRight.objects.filter(mine, withdrawn_at=None, valid_until__gt=now())


def rights_of(actor: Actor, file: StoredFile) -> list[FileRight]:
    """Return what the holder of a file has granted to an actor, in one statement."""
    return list(rights_in_force(actor).filter(file_id=file.head_id).order_by("created_at"))


def uses_of(actor: Actor, file: StoredFile) -> Uses:
    """Return everything that an actor may do with a file."""
    if is_holder(actor, file):
        return EVERYTHING
    granted = (Use(use) for right in rights_of(actor, file) for use in right.uses)
    return vouched(actor, file).union(granted)


def ground_of(actor: Actor, file: StoredFile, use: Use) -> str | None:
    """Return why an actor may use a file so: the purpose of the grant, nothing for other grounds, ``None`` if they may not.

    What a grant opens is open for its purpose only, so that is what the record of the read says.
    """
    if is_holder(actor, file) or use in vouched(actor, file):
        return ""
    return next((right.purpose for right in rights_of(actor, file) if use in right.uses), None)
