"""Where the bytes lie: content-addressed, so that the same file is stored once and never overwritten."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

from shuzheng.engines.documents.gateways.verified import VerifiedReader

PIECE = 1024 * 1024
#: What a key looks like; nothing in it tells of the file but its SM3.
KEY = re.compile(r"sm3/[0-9a-f]{2}/[0-9a-f]{2}/([0-9a-f]{64})")


def sm3_of(path: Path) -> str:
    """Return the SM3 (GB/T 32905) of a file's content, hexadecimal, reading it in pieces."""
    digest = hashlib.new("sm3")
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def key_of(digest: str) -> str:
    """Return the key under which content with an SM3 lies."""
    return f"sm3/{digest[:2]}/{digest[2:4]}/{digest}"


class Storage(ABC):
    """Keeps the bytes of files; the parts of uploads that are still arriving lie on the local disk.

    Whatever reaches the outside may raise StorageDown, and writing StorageFull.
    """

    def __init__(self, parts: Path) -> None:
        """Keep parts of uploads in a local folder, created when needed."""
        self._parts = parts

    def keep(self, source: Path) -> tuple[str, str]:
        """Store a copy of a local file and return its key and its SM3. Storing the same content again is harmless."""
        digest = sm3_of(source)
        return self.store(source, digest), digest

    def store(self, source: Path, digest: str) -> str:
        """Store a copy of a local file whose SM3 is known, unless it is there, and return its key."""
        key = key_of(digest)
        if self.size(key) != source.stat().st_size:
            self._put(source, key)
        return key

    def open(self, key: str) -> BinaryIO:
        """Open stored bytes for reading and seeking. Raises FileNotFoundError."""
        raw, _size = self._read(key)
        return raw

    def verified(self, key: str) -> BinaryIO:
        """Open stored bytes such that reading them to the end proves their SM3: else the end raises ContentDamaged.

        Raises FileNotFoundError.
        """
        raw, size = self._read(key)
        digest = key.rpartition("/")[2]
        return cast(BinaryIO, io.BufferedReader(VerifiedReader(raw, size, digest), PIECE))

    def probe(self) -> None:
        """Write, read and delete a few bytes. Raises StorageDown, StorageFull or OSError."""
        with tempfile.TemporaryDirectory(prefix="probe-") as scratch:
            path = Path(scratch) / "probe"
            path.write_bytes(os.urandom(64))
            key = key_of(sm3_of(path))
            self._put(path, key)
            try:
                with self.verified(key) as stream:
                    stream.read()
            finally:
                self.remove(key)

    def keeps_deleted(self) -> bool | None:
        """Say whether what is removed here stays in being; ``None`` where nobody tells."""
        return False

    @property
    @abstractmethod
    def where(self) -> str:
        """Return what two storages share that are the same place, however they are addressed."""

    @abstractmethod
    def size(self, key: str) -> int | None:
        """Return how many bytes are stored under a key, or nothing if none are."""

    @abstractmethod
    def remove(self, key: str) -> None:
        """Forget stored bytes; absent ones are forgotten already."""

    @abstractmethod
    def listing(self) -> Iterator[tuple[str, float]]:
        """Yield the key of everything stored and since when it has been there, in seconds since 1970."""

    @abstractmethod
    def tidy(self, before: datetime) -> int:
        """Remove what writers left half done that began before a moment, and return how many."""

    @abstractmethod
    def _put(self, source: Path, key: str) -> None:
        """Store a local file: all of it appears under the key or nothing."""

    @abstractmethod
    def _read(self, key: str) -> tuple[BinaryIO, int]:
        """Open stored bytes and say how many they are. Raises FileNotFoundError."""

    def part(self, upload_id: UUID) -> Path:
        """Return the local path of an upload's part, in a folder that exists; it may not exist itself yet."""
        self._parts.mkdir(parents=True, exist_ok=True)
        return self._parts / str(upload_id)

    def parts(self) -> list[Path]:
        """Return the parts that exist."""
        return sorted(self._parts.iterdir()) if self._parts.is_dir() else []
