"""Pictures that browsers do not know are decoded in a process of their own, or framed with the reason."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
from contextlib import suppress
from datetime import date

import pytest
from lxml import etree
from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import TiffImageFile

from shuzheng.engines.documents.ofd import decoding
from shuzheng.engines.documents.ofd.decoding import Decoding
from shuzheng.engines.documents.ofd.document import read
from shuzheng.engines.documents.ofd.jbig2 import MAGIC, Jbig2Unreadable, as_pdf
from shuzheng.engines.documents.ofd.package import Package
from shuzheng.engines.documents.ofd.svg import page_svg
from shuzheng.engines.documents.ofd.writer import Writer

SVG = "{http://www.w3.org/2000/svg}"
WIDTH, HEIGHT = 96, 64


def drawn(paper: int = 1) -> Image.Image:
    """Return a picture of two colours."""
    picture = Image.new("1", (WIDTH, HEIGHT), paper)
    ImageDraw.Draw(picture).ellipse((10, 10, 60, 50), fill=1 - paper)
    return picture


def segment(number: int, kind: int, body: bytes, page: int = 1) -> tuple[bytes, bytes]:
    """Return header and data of a segment."""
    return struct.pack(">IBBBI", number, kind, 0, page, len(body)), body


def jbig2(*, sequential: bool = True, width: int = WIDTH, page: int = 1) -> bytes:
    """Return the picture as JBIG2: one region in the coding of facsimile, which is also TIFF's Group 4."""
    held = io.BytesIO()
    # A set bit is black in JBIG2, and white in what Pillow writes.
    drawn(paper=0).save(held, "TIFF", compression="group4")
    with TiffImageFile(io.BytesIO(held.getvalue())) as tiff:
        (start,), (length,) = tiff.tag_v2[273], tiff.tag_v2[279]
    coded = held.getvalue()[start : start + length]
    region = struct.pack(">IIIIBB", WIDTH, HEIGHT, 0, 0, 0, 1)
    parts = [
        segment(0, 48, struct.pack(">IIIIBH", width, HEIGHT, 0, 0, 0, 0), page),
        segment(1, 38, region + coded, page),
        segment(2, 49, b"", page),
        segment(3, 51, b"", 0),
    ]
    if sequential:
        return MAGIC + b"\1" + struct.pack(">I", 1) + b"".join(header + body for header, body in parts)
    return MAGIC + b"\2" + b"".join(header for header, _ in parts) + b"".join(body for _, body in parts)


def shown(data: bytes | None) -> Image.Image:
    """Return a PNG as a picture of two colours."""
    assert data is not None
    return Image.open(io.BytesIO(data)).convert("1")


def with_picture(data: bytes) -> bytes:
    """Return an OFD page whose only picture is ``data``."""
    writer = Writer("扫描件", created=date(2026, 11, 22))
    png = io.BytesIO()
    drawn().save(png, "PNG")
    writer.page(100, 80).image(png.getvalue(), 10, 10, 48, 32)
    package = Package.open(writer.to_bytes())
    package.put(next(name for name in package.names() if name.endswith(".png")), data)
    return package.to_bytes()


@pytest.mark.parametrize("sequential", [True, False])
def test_jbig2_comes_out_as_it_went_in(sequential: bool) -> None:
    found = shown(Decoding().png(jbig2(sequential=sequential)))
    assert found.size == (WIDTH, HEIGHT)
    assert found.tobytes() == drawn().tobytes()


@pytest.mark.parametrize(("kind", "coding"), [("TIFF", {"compression": "group4"}), ("JPEG2000", {})])
def test_other_rare_formats_come_out_as_they_went_in(kind: str, coding: dict[str, str]) -> None:
    held = io.BytesIO()
    picture = drawn() if kind == "TIFF" else drawn().convert("L")
    picture.save(held, kind, **coding)
    assert shown(Decoding().png(held.getvalue())).tobytes() == drawn().tobytes()


def test_a_page_shows_a_jbig2_picture_and_frames_a_broken_one() -> None:
    document = read(with_picture(jbig2()))
    page = etree.fromstring(page_svg(document, document.pages[0]).encode())
    (image,) = page.iter(f"{SVG}image")
    assert str(image.get("href")).startswith("data:image/png;base64,")
    broken = read(with_picture(jbig2()[:-60]))
    page = etree.fromstring(page_svg(broken, broken.pages[0]).encode())
    assert not list(page.iter(f"{SVG}image"))
    assert any("JBIG2" in (title.text or "") for title in page.iter(f"{SVG}title"))


def test_a_picture_larger_than_any_scan_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(Jbig2Unreadable, match="pixels"):
        as_pdf(jbig2(width=2**31))
    assert Decoding().png(jbig2(width=2**31)) is None
    huge = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(huge, "TIFF", compression="group4")
    assert Decoding().png(huge.getvalue()) is None


def test_a_picture_cut_or_changed_anywhere_does_no_harm() -> None:
    whole, chance = jbig2(), random.Random(7)
    for at in range(len(whole) - 1):
        changed = bytearray(whole)
        changed[at] = chance.randrange(256)
        for one in (whole[:at], bytes(changed)):
            with suppress(Jbig2Unreadable):
                assert as_pdf(one).startswith(b"%PDF")
    for at in (40, 60, 80, len(whole) - 12):
        assert Decoding().png(whole[:at]) is None


def test_a_document_has_its_pictures_decoded_once_and_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    def counted(data: bytes, seconds: float) -> bytes:
        asked.append(data)
        return b"\x89PNG" + data

    monkeypatch.setattr(decoding, "_decoded", counted)
    one = Decoding()
    made = [one.png(MAGIC + bytes([n])) for n in (*range(60), *range(5))]
    assert len(asked) == decoding.MOST
    assert made[:5] == made[-5:]
    assert made[50] is None


def test_a_decoder_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_PATIENCE", 0.001)
    assert Decoding().png(jbig2()) is None


def test_whoever_took_over_the_decoder_could_open_nothing() -> None:
    work = f"import sys; from {decoding._PROCESS} import confine; confine(); open('/etc/hostname')"
    tried = subprocess.run([sys.executable, "-I", "-c", work], capture_output=True, text=True, env={}, timeout=60)
    assert "Too many open files" in tried.stderr
