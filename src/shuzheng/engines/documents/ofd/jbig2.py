"""JBIG2 files (ITU-T T.88, 二值图像), in which scanned pages and codes of invoices lie: their parts, and a PDF around one.

What decodes JBIG2 expects it in a PDF, without the file's own header and ends (ISO 32000-1 §7.4.7).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\x97JB2\r\n\x1a\n"
#: Pixels of one picture; A4 at 600 dots per inch has 35 million.
MOST_PIXELS = 40_000_000
MOST_SEGMENTS = 10_000
_PAGE, _END_OF_PAGE, _END_OF_FILE = 48, 49, 51
#: Kinds of segments that begin with the width and height of a region.
_REGIONS = frozenset({4, 6, 7, 20, 22, 23, 36, 38, 39, 40, 42, 43})


class Jbig2Unreadable(ValueError):
    """The bytes are no JBIG2 file that may be decoded; the message says why."""


@dataclass(frozen=True)
class Segment:
    """A segment: its kind, the page it belongs to (0: all), its header and its data."""

    kind: int
    page: int
    header: bytes
    data: bytes


def as_pdf(data: bytes) -> bytes:
    """Return a PDF of one page with the first picture of a JBIG2 file. Raises Jbig2Unreadable."""
    segments = list(_segments(data))
    first = next((one for one in segments if one.kind == _PAGE), None)
    if first is None:
        raise Jbig2Unreadable("no page")
    width, height = _size(first)
    kept = [one for one in segments if one.page in (0, first.page) and one.kind not in (_END_OF_PAGE, _END_OF_FILE)]
    for one in kept:
        if one.kind in _REGIONS:
            _size(one)
    return _pdf(b"".join(one.header + one.data for one in kept), width, height)


def _size(segment: Segment) -> tuple[int, int]:
    """Return the width and height that a page or a region says. Raises Jbig2Unreadable."""
    width, height = struct.unpack(">II", _taken(segment.data, 0, 8))
    if not 0 < width * height <= MOST_PIXELS:
        raise Jbig2Unreadable(f"{width} × {height} pixels")
    return width, height


def _segments(data: bytes) -> Iterator[Segment]:
    """Yield the segments of a file, whether each header stands before its data or all before all (T.88 annex D)."""
    if not data.startswith(MAGIC):
        raise Jbig2Unreadable("no header")
    flags = _taken(data, 8, 1)[0]
    at = 9 if flags & 2 else 13
    if flags & 1:
        while at < len(data):
            kind, page, header, length = _header(data, at)
            at += len(header)
            yield Segment(kind, page, header, _taken(data, at, length))
            at += length
        return
    headers = []
    while not headers or headers[-1][0] != _END_OF_FILE:
        headers.append(_header(data, at))
        at += len(headers[-1][2])
        if len(headers) > MOST_SEGMENTS:
            raise Jbig2Unreadable("too many segments")
    for kind, page, header, length in headers:
        yield Segment(kind, page, header, _taken(data, at, length))
        at += length


def _header(data: bytes, start: int) -> tuple[int, int, bytes, int]:
    """Return kind, page, header and length of the data of a segment (T.88 §7.2)."""
    number, flags, counted = struct.unpack(">IBB", _taken(data, start, 6))
    at, referred = start + 6, counted >> 5
    if referred == 7:
        referred = struct.unpack(">I", _taken(data, start + 5, 4))[0] & 0x1FFFFFFF
        at = start + 9 + (referred + 8) // 8
    at += referred * (1 if number <= 256 else 2 if number <= 65536 else 4)
    wide = 4 if flags & 0x40 else 1
    page = int.from_bytes(_taken(data, at, wide), "big")
    (length,) = struct.unpack(">I", _taken(data, at + wide, 4))
    return flags & 0x3F, page, data[start : at + wide + 4], length


def _taken(data: bytes, at: int, length: int) -> bytes:
    """Return so many bytes. Raises Jbig2Unreadable where there are fewer."""
    taken = data[at : at + length]
    if len(taken) < length:
        raise Jbig2Unreadable("cut short")
    return taken


def _pdf(stream: bytes, width: int, height: int) -> bytes:
    """Return a PDF whose only page is filled by the picture."""
    drawn = f"{width} 0 0 {height} 0 0 cm /I Do".encode()
    picture = (
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 1 /ColorSpace /DeviceGray"
        f" /Filter /JBIG2Decode /Length {len(stream)}"
    )
    page = f"/Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< {page} /Resources << /XObject << /I 5 0 R >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< %s >>\nstream\n%s\nendstream" % (picture.encode(), stream),
    ]
    made, places = b"%PDF-1.4\n", []
    for n, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + tail
