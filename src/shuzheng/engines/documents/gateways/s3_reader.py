"""Reading an object as it arrives, from anywhere, across lost lines."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError
from urllib3.exceptions import HTTPError

from shuzheng.engines.documents.gateways.s3_client import S3Place, speaking

#: How often one read takes up a lost line before it gives up.
ATTEMPTS = 3


class S3Reader(io.RawIOBase):
    """The body of an object. It is streamed, never held whole; moving costs a request only when something is read there."""

    def __init__(self, place: S3Place, body: Any, size: int, again: Callable[[int], Any]) -> None:
        """Read a body from its beginning; ``again`` returns the body from another position on."""
        self._place, self._body, self._size, self._again = place, body, size, again
        self._position = self._at = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be read from anywhere."""
        return True

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move; nothing is asked of the server yet."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # typeshed wants a write-only buffer
        """Read the next bytes, taking up a lost line where it broke. Raises StorageDown."""
        if self._position >= self._size:
            return 0
        wanted = min(len(buffer), self._size - self._position)
        with speaking(self._place):
            piece = self._next(wanted)
        buffer[: len(piece)] = piece
        self._position += len(piece)
        self._at = self._position
        return len(piece)

    def close(self) -> None:
        """Let go of the line."""
        self._drop()
        super().close()

    def _next(self, wanted: int) -> bytes:
        for attempt in range(ATTEMPTS):
            try:
                if self._body is None or self._at != self._position:
                    self._drop()
                    self._body, self._at = self._again(self._position), self._position
                if piece := self._body.read(wanted):
                    return piece
                raise ConnectionError("the body ended early")
            except (BotoCoreError, HTTPError, ConnectionError):
                self._drop()
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None
