"""Storage in a folder of this machine, or of a volume mounted on it."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from shuzheng.engines.documents.errors import StorageFull
from shuzheng.engines.documents.gateways.storage import PIECE, Storage


class FilesystemStorage(Storage):
    """Files in a folder: ``sm3/ab/cd/abcd…`` for content, ``parts/<id>`` for uploads, ``writing`` for what is half done."""

    def __init__(self, root: Path) -> None:
        """Use a folder, creating it when needed."""
        super().__init__(root / "parts")
        self.root = root
        self._writing = root / "writing"

    @property
    def where(self) -> str:
        """Return the folder, links followed."""
        return str(self.root.resolve())

    def size(self, key: str) -> int | None:
        """Look at the file."""
        try:
            return (self.root / key).stat().st_size
        except FileNotFoundError:
            return None

    def remove(self, key: str) -> None:
        """Delete the file."""
        (self.root / key).unlink(missing_ok=True)

    def listing(self) -> Iterator[tuple[str, float]]:
        """Walk the folder in order."""
        for folder, folders, names in os.walk(self.root / "sm3"):
            folders.sort()
            for name in sorted(names):
                path = Path(folder) / name
                yield str(path.relative_to(self.root)), path.stat().st_mtime

    def tidy(self, before: datetime) -> int:
        """Delete the half-written files of killed processes; looks at nothing else, however much is stored."""
        stale = [path for path in self._writing.glob("*") if _began(path, before)]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def _put(self, source: Path, key: str) -> None:
        """Write on the same volume and rename, so that no reader ever sees half a file. Raises StorageFull."""
        destination = self.root / key
        fresh = self._writing / uuid4().hex
        with room():
            for folder in (destination.parent, self._writing):
                folder.mkdir(parents=True, exist_ok=True)
            try:
                with source.open("rb") as incoming, fresh.open("wb") as outgoing:
                    shutil.copyfileobj(incoming, outgoing, PIECE)
                    outgoing.flush()
                    os.fsync(outgoing.fileno())
                fresh.chmod(0o440)
                fresh.replace(destination)
            finally:
                fresh.unlink(missing_ok=True)

    def _read(self, key: str) -> tuple[BinaryIO, int]:
        stream = (self.root / key).open("rb")
        return stream, os.fstat(stream.fileno()).st_size


def _began(path: Path, before: datetime) -> bool:
    """Say whether a file was last written before a moment; one that is finished meanwhile was not."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) < before
    except FileNotFoundError:
        return False


@contextmanager
def room() -> Iterator[None]:
    """Turn a full disk into StorageFull, also that of scratch files; whatever was being written is not kept."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from problem
        raise
