"""Where packages lie: the vault here, and the second storage elsewhere."""

from __future__ import annotations

from django.conf import settings

from shuzheng.engines.documents.archive.errors import NoBackup
from shuzheng.engines.documents.gateways import ARCHIVE, Storage, at, ours
from shuzheng.engines.documents.gateways.filesystem import room

__all__ = ["room", "second", "vault"]


def vault() -> Storage:
    """Return the storage of packages, apart from that of files, so that destroying one touches no other."""
    return at(ours(), ARCHIVE)


def second() -> Storage:
    """Return the second storage: a folder, or a bucket in another place. Raises NoBackup where none is set."""
    if not settings.ARCHIVE_BACKUP:
        raise NoBackup
    return at(settings.ARCHIVE_BACKUP)
