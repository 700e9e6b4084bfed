"""The process that decodes one picture: bytes come in, a PNG goes out, and nothing else is within its reach.

Decoders of rare formats are where readers have been attacked, so they run here: without the environment and files of the
server, with bounded memory and time. ``python -I -m shuzheng.engines.documents.ofd.decoding_process < in > out``.
"""

from __future__ import annotations

import io
import os
import resource
import sys
from typing import Any

import pypdfium2
from PIL import Image
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

from shuzheng.engines.documents.ofd.jbig2 import MAGIC, MOST_PIXELS, as_pdf

#: Seconds of the processor, and bytes of memory.
SECONDS = 5
MEMORY = 1024**3
#: Pixels of the longer side of what comes out: enough for a page on any screen.
LONGEST = 2400
_PILLOW = ("TIFF", "JPEG2000")


def png(data: bytes) -> bytes:
    """Return a picture as PNG. Raises whatever the decoder finds wrong with it."""
    picture = _jbig2(data) if data.startswith(MAGIC) else _other(data)
    picture.thumbnail((LONGEST, LONGEST))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _jbig2(data: bytes) -> Image.Image:
    with pypdfium2.PdfDocument(as_pdf(data)) as document:
        picture: Any = next(document[0].get_objects(filter=[FPDF_PAGEOBJ_IMAGE]))
        return picture.get_bitmap().to_pil().convert("L")


def _other(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=_PILLOW) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def confine() -> None:
    """Give up what decoding does not need: time, memory, and opening anything, be it a file or a connection."""
    Image.init()
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 3),
    ):
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    given = sys.stdin.buffer.read()
    confine()
    sys.stdout.buffer.write(png(given))
    sys.stdout.flush()
    os._exit(0)
