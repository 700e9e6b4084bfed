"""Pictures that browsers do not know (JBIG2, TIFF, JPEG 2000), made into PNG by a process of their own, within bounds."""

from __future__ import annotations

import subprocess
import sys
import time

from shuzheng.engines.documents.ofd.jbig2 import MAGIC

#: Bytes of one picture as the file holds it.
LARGEST = 16 * 2**20
#: Pictures of one document, and seconds for all of them.
MOST = 40
SECONDS = 15.0
#: Seconds for one; the process itself has fewer of the processor.
_PATIENCE = 8.0
_MAGIC = (MAGIC, b"II*\0", b"MM\0*", b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")
_PROCESS = "shuzheng.engines.documents.ofd.decoding_process"
_PNG = b"\x89PNG"


class Decoding:
    """What one document may have decoded; each picture is decoded once."""

    def __init__(self) -> None:
        self._known: dict[bytes, bytes | None] = {}
        self._left = SECONDS

    def png(self, data: bytes) -> bytes | None:
        """Return a picture as PNG, or None where it cannot be decoded or the document has had its share."""
        if not data.startswith(_MAGIC) or len(data) > LARGEST:
            return None
        if data not in self._known:
            if len(self._known) >= MOST or self._left <= 0:
                return None
            begun = time.monotonic()
            self._known[data] = _decoded(data, min(self._left, _PATIENCE))
            self._left -= time.monotonic() - begun
        return self._known[data]


def _decoded(data: bytes, seconds: float) -> bytes | None:
    """Return what the process makes of it; None where it fails, is stopped, or is not to be had on this machine."""
    try:
        made = subprocess.run(
            [sys.executable, "-I", "-m", _PROCESS], input=data, capture_output=True, timeout=seconds, env={}, cwd="/"
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return made.stdout if made.returncode == 0 and made.stdout.startswith(_PNG) else None
