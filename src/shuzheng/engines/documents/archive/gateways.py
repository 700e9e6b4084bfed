"""Where packages lie: the vault here, and the second storage elsewhere."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from shuzheng.engines.documents.archive.errors import NoBackup, StorageFull
from shuzheng.engines.documents.gateways.storage import FilesystemStorage, Storage


def vault() -> Storage:
    """Return the storage of packages, apart from that of files, so that destroying one touches no other."""
    return FilesystemStorage(Path(settings.HOME) / "archive")


def second() -> Storage:
    """Return the second storage, e.g. a mounted volume of another place. Raises NoBackup where none is set."""
    if not settings.ARCHIVE_BACKUP:
        raise NoBackup
    return FilesystemStorage(Path(settings.ARCHIVE_BACKUP))


@contextmanager
def room() -> Iterator[None]:
    """Turn a full disk into StorageFull; whatever was being written is not kept."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from problem
        raise
