"""Reading that proves what it read."""

from __future__ import annotations

import hashlib
import io
from typing import BinaryIO

from shuzheng.engines.documents.errors import ContentDamaged


class VerifiedReader(io.RawIOBase):
    """Stored bytes on their way out. Read from beginning to end, their SM3 is compared before the last piece is handed over.

    Whoever reads only a range cannot be told more than that the storage had it.
    """

    def __init__(self, stream: BinaryIO, size: int, digest: str) -> None:
        """Read a seekable stream of so many bytes that should have this SM3, hexadecimal."""
        self._stream, self._size, self._digest = stream, size, digest
        self._sum = hashlib.new("sm3")
        self._summed = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be read from anywhere."""
        return True

    def tell(self) -> int:
        """Return the position."""
        return self._stream.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move."""
        return self._stream.seek(offset, whence)

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # typeshed wants a write-only buffer
        """Read the next bytes. Raises ContentDamaged instead of handing over the last ones when the whole is not what it was."""
        position = self._stream.tell()
        piece = self._stream.read(len(buffer))
        if position == self._summed:
            self._sum.update(piece)
            self._summed += len(piece)
            ended = self._summed == self._size or not piece
            if ended and self._sum.hexdigest() != self._digest:
                raise ContentDamaged
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Close what is read."""
        self._stream.close()
        super().close()
