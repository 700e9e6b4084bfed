"""Where the bytes lie: content-addressed, so that the same file is stored once and never overwritten."""

from __future__ import annotations

import hashlib
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

PIECE = 1024 * 1024


def sm3_of(path: Path) -> str:
    """Return the SM3 (GB/T 32905) of a file's content, hexadecimal, reading it in pieces."""
    digest = hashlib.new("sm3")
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


class Storage(ABC):
    """Keeps the bytes of files, and the parts of uploads that are still arriving."""

    @abstractmethod
    def keep(self, source: Path) -> tuple[str, str]:
        """Store a copy of a local file and return its key and its SM3. Storing the same content again is harmless."""

    @abstractmethod
    def open(self, key: str) -> BinaryIO:
        """Open stored bytes for reading. Raises FileNotFoundError."""

    @abstractmethod
    def remove(self, key: str) -> None:
        """Forget stored bytes; absent ones are forgotten already."""

    @abstractmethod
    def listing(self) -> Iterator[tuple[str, float]]:
        """Yield the key of everything stored and since when it has been there, in seconds since 1970."""

    @abstractmethod
    def part(self, upload_id: UUID) -> Path:
        """Return the local path of an upload's part; it may not exist yet."""

    @abstractmethod
    def parts(self) -> list[Path]:
        """Return the parts that exist."""


class FilesystemStorage(Storage):
    """Files in a folder: ``sm3/ab/cd/abcd…`` for content, ``parts/<id>`` for uploads."""

    def __init__(self, root: Path) -> None:
        """Use a folder, creating it when needed."""
        self.root = root

    def keep(self, source: Path) -> tuple[str, str]:
        """Write beside the destination and rename, so that no reader ever sees half a file."""
        digest = sm3_of(source)
        key = f"sm3/{digest[:2]}/{digest[2:4]}/{digest}"
        destination = self.root / key
        if not destination.exists():
            destination.parent.mkdir(parents=True, exist_ok=True)
            fresh = destination.with_name(f".{digest}.{os.getpid()}.{source.name}")
            try:
                with source.open("rb") as incoming, fresh.open("wb") as outgoing:
                    shutil.copyfileobj(incoming, outgoing, PIECE)
                    outgoing.flush()
                    os.fsync(outgoing.fileno())
                fresh.chmod(0o440)
                fresh.replace(destination)
            finally:
                fresh.unlink(missing_ok=True)
        return key, digest

    def open(self, key: str) -> BinaryIO:
        """Open stored bytes for reading. Raises FileNotFoundError."""
        return (self.root / key).open("rb")

    def remove(self, key: str) -> None:
        """Delete the file."""
        (self.root / key).unlink(missing_ok=True)

    def listing(self) -> Iterator[tuple[str, float]]:
        """Walk the folder, half-written files of killed processes included."""
        for path in (self.root / "sm3").rglob("*"):
            if path.is_file():
                yield str(path.relative_to(self.root)), path.stat().st_mtime

    def part(self, upload_id: UUID) -> Path:
        """Return the path of a part, in a folder that exists."""
        folder = self.root / "parts"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / str(upload_id)

    def parts(self) -> list[Path]:
        """Return the parts that exist."""
        folder = self.root / "parts"
        return sorted(folder.iterdir()) if folder.is_dir() else []
