"""Taking in bytes: appended to a part on disk, so that what has arrived survives a lost connection."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from django.http import UnreadablePostError

from shuzheng.engines.documents.actions import BeginUpload, DiscardUpload, StoreFile
from shuzheng.engines.documents.errors import OffsetDisagrees, UploadBusy, UploadExpired
from shuzheng.engines.documents.gateways import storage
from shuzheng.engines.documents.models import StoredFile, Upload
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import ShuzhengError

PIECE = 64 * 1024


class Incoming(Protocol):
    """A file as a plain form sends it (``UploadedFile``)."""

    #: As the browser calls it.
    name: str | None
    #: Bytes.
    size: int | None

    def read(self, size: int = ..., /) -> bytes:
        """Return the next bytes."""
        ...


def received(upload: Upload) -> int:
    """Return how many bytes of an upload have arrived."""
    if upload.file_id is not None:
        return upload.length
    part = storage().part(upload.pk)
    return part.stat().st_size if part.exists() else 0


def append(upload: Upload, offset: int, read: Callable[[int], bytes]) -> int:
    """Append what can be read, up to the announced length, and return the new offset.

    A connection lost on the way keeps what arrived. Raises UploadExpired, UploadBusy or OffsetDisagrees.
    """
    if upload.expired:
        raise UploadExpired
    with _locked(storage().part(upload.pk)) as part:
        position = part.seek(0, 2)
        if offset != position or upload.file_id is not None:
            raise OffsetDisagrees
        while position < upload.length:
            piece = _read(read, min(PIECE, upload.length - position))
            if not piece:
                break
            position += part.write(piece)
        part.flush()
        return position


def receive(actor: Actor, incoming: Incoming) -> StoredFile:
    """Store a file that came whole with a plain form. Raises what BeginUpload and StoreFile raise."""
    upload = BeginUpload.do(actor, name=incoming.name or "file", length=incoming.size or 0)
    append(upload, 0, incoming.read)
    return finish(actor, upload)


def finish(actor: Actor, upload: Upload) -> StoredFile:
    """Store a complete upload; one that is refused is thrown away, for its bytes will not change."""
    try:
        return StoreFile.do(actor, upload_id=upload.pk)
    except ShuzhengError as refusal:
        if refusal.status == 422:
            DiscardUpload.do(actor, upload_id=upload.pk)
        raise


def _read(read: Callable[[int], bytes], size: int) -> bytes:
    try:
        return read(size)
    except UnreadablePostError:
        return b""


@contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    """Open a part for appending by one request at a time. Raises UploadBusy."""
    with path.open("ab") as part:
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UploadBusy from None
        yield part
