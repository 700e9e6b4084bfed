"""Who may read a file: its owner, and whoever an engine above vouches for."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.models import StoredFile
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.policy import permission
from shuzheng.kernel.registry import Registry

SCAN = permission("documents.scan", _("重新检查隔离的文件"))

#: Says whether an actor may read a file, e.g. because it is attached to a case that the actor may see.
MayRead = Callable[[Actor, StoredFile], bool]
_readers: Registry[MayRead] = Registry("file reader")


def vouch(engine: str, may_read: MayRead) -> MayRead:
    """Let an engine vouch for readers of files that its own records refer to. Raises DuplicateName."""
    return _readers.add(engine, may_read)


def may_read(actor: Actor, file: StoredFile) -> bool:
    """Say whether an actor may read a file."""
    if actor.account_id is not None and actor.account_id == file.owner_account_id:
        return True
    return any(vouched(actor, file) for vouched in _readers.values())
