"""Locks of files (文件锁定): while one writes, the others wait."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents import writing
from shuzheng.engines.documents.models import FileLock, StoredFile
from shuzheng.engines.documents.policies import UNLOCK, is_holder
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import SignInRequired
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN

#: Minutes: an hour unless asked for more, a week at most.
USUAL, MOST = 60, 7 * 24 * 60


class LockFileInput(Input):
    """Which file, for how long, what for."""

    file_id: UUID
    minutes: int = Field(default=USUAL, ge=1, le=MOST)
    reason: str = Field(default="", max_length=200)


class LockFile(Action[LockFileInput, FileLock]):
    """Keep others from storing versions for a while (锁定); again, by the same, it counts from now. Raises NoSuchFile, FileLocked."""

    name = "documents.lock_file"
    permission = SIGNED_IN
    title = _("锁定文件")

    def perform(self, actor: Actor, given: LockFileInput) -> FileLock:
        """Take the lock, or a lapsed one over."""
        if actor.account_id is None:
            raise SignInRequired
        file = writing.revisable(actor, given.file_id)
        writing.require_unlocked(actor, file)
        told = {"holder_id": actor.account_id, "holder_name": actor.name, "reason": given.reason}
        until = now() + timedelta(minutes=given.minutes)
        lock, _made = FileLock.objects.update_or_create(file=file, defaults={**told, "taken_at": now(), "until": until})
        self.about(file, minutes=given.minutes)
        return lock


class UnlockFileInput(Input):
    """Which file."""

    file_id: UUID


class UnlockFile(Action[UnlockFileInput, StoredFile]):
    """Give one's lock back (解除锁定), or end another's on one's own file; where there is none, nothing happens.

    Raises NoSuchFile, FileLocked.
    """

    name = "documents.unlock_file"
    permission = SIGNED_IN
    title = _("解除文件锁定")

    def perform(self, actor: Actor, given: UnlockFileInput) -> StoredFile:
        """Forget the lock."""
        file = writing.revisable(actor, given.file_id)
        if not is_holder(actor, file):
            writing.require_unlocked(actor, file)
        take_away(self, file)
        self.about(file)
        return file


class BreakLockInput(UnlockFileInput):
    """Which file, and why its lock is taken away."""

    reason: str = Field(min_length=2, max_length=200)


class BreakLock(Action[BreakLockInput, StoredFile]):
    """Take a lock from whoever holds it (强制解锁); the reason is on record, the holder is told. Raises NoSuchFile, NotPermitted."""

    name = "documents.break_lock"
    permission = UNLOCK
    title = _("强制解除文件锁定")

    def perform(self, actor: Actor, given: BreakLockInput) -> StoredFile:
        """Forget the lock and say so."""
        file = writing.head_for(actor, UNLOCK, given.file_id)
        lock = writing.lock_on(file)
        self.about(file, purpose=given.reason, holder=str(lock.holder_id) if lock else "")
        take_away(self, file, given.reason)
        return file


def take_away(action: Action[Any, Any], file: StoredFile, reason: str = "") -> None:
    """Forget the lock on a file, and announce it to whoever else had it."""
    lock = writing.lock_on(file)
    FileLock.objects.filter(file=file).delete()
    if lock is not None and lock.holder_id != action.actor.account_id:
        action.emit("documents.lock_broken", file.pk, holder_account=str(lock.holder_id), reason=reason)
