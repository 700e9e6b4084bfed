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

from shuzheng.engines.documents.errors import StorageFull
from shuzheng.engines.documents.gateways.storage import KEY, PIECE, Storage


class FilesystemStorage(Storage):
    """Files in a folder: ``sm3/ab/cd/abcd…`` for content, ``parts/<id>`` for uploads."""

    def __init__(self, root: Path) -> None:
        """Use a folder, creating it when needed."""
        super().__init__(root / "parts")
        self.root = root

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
        """Walk the folder in order, half-written files of killed processes included."""
        for folder, folders, names in os.walk(self.root / "sm3"):
            folders.sort()
            for name in sorted(names):
                path = Path(folder) / name
                yield str(path.relative_to(self.root)), path.stat().st_mtime

    def tidy(self, before: datetime) -> int:
        """Delete the half-written files of killed processes."""
        stale = [
            key for key, at in self.listing() if not KEY.fullmatch(key) and datetime.fromtimestamp(at, UTC) < before
        ]
        for key in stale:
            self.remove(key)
        return len(stale)

    def _put(self, source: Path, key: str) -> None:
        """Write beside the destination and rename, so that no reader ever sees half a file. Raises StorageFull."""
        destination = self.root / key
        fresh = destination.with_name(f".{destination.name}.{os.getpid()}.{source.name}")
        with room():
            destination.parent.mkdir(parents=True, exist_ok=True)
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


@contextmanager
def room() -> Iterator[None]:
    """Turn a full disk into StorageFull, also that of scratch files; whatever was being written is not kept."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from problem
        raise
