"""JPEG and PNG as images of PDF: as they are where PDF understands them, with transparency split off where it does not."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any

from shuzheng.engines.documents.pdf.objects import Name, Objects, Ref

_JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_SPACES = {1: "DeviceGray", 3: "DeviceRGB", 4: "DeviceCMYK"}
#: Channels of a PNG by its colour type.
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
MOST_PIXELS = 40_000_000


class PictureUnusable(ValueError):
    """A picture cannot stand in a PDF; ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def add_image(objects: Objects, data: bytes) -> Ref:
    """Add a picture. Raises PictureUnusable."""
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(objects, data)
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(objects, data)
    except (struct.error, zlib.error, IndexError, KeyError) as problem:
        raise PictureUnusable("图片已损坏。") from problem
    raise PictureUnusable("图片只能是 PNG 或 JPEG。")


def _head(width: int, height: int, space: Any, bits: int) -> dict[str, Any]:
    if not 0 < width * height <= MOST_PIXELS:
        raise PictureUnusable("图片的像素太多。")
    return {
        "Type": Name("XObject"),
        "Subtype": Name("Image"),
        "Width": width,
        "Height": height,
        "ColorSpace": space,
        "BitsPerComponent": bits,
    }


def _jpeg(objects: Objects, data: bytes) -> Ref:
    at = 2
    while data[at + 1] not in _JPEG_SIZES:
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    bits, height, width, channels = struct.unpack(">BHHB", data[at + 4 : at + 10])
    head = _head(width, height, Name(_SPACES[channels]), bits)
    if channels == 4:
        head["Decode"] = [1, 0] * 4
    return objects.stream(data, {**head, "Filter": Name("DCTDecode")}, packed=True)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += length + 12


def _png(objects: Objects, data: bytes) -> Ref:
    parts: dict[bytes, bytes] = {}
    for kind, body in _chunks(data):
        parts[kind] = parts.get(kind, b"") + body if kind == b"IDAT" else body
    width, height, bits, colour, _method, _filter, interlaced = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    if interlaced:
        raise PictureUnusable("不支持隔行扫描的 PNG，请另存为普通 PNG 或 JPEG。")
    channels = _CHANNELS[colour]
    if colour in (4, 6):
        return _with_alpha(objects, parts[b"IDAT"], width, height, bits, channels)
    palette = parts.get(b"PLTE", b"")
    indexed = [Name("Indexed"), Name("DeviceRGB"), len(palette) // 3 - 1, b"<" + palette.hex().encode() + b">"]
    head = _head(width, height, indexed if colour == 3 else Name(_SPACES[channels]), bits)
    head["Filter"] = Name("FlateDecode")
    head["DecodeParms"] = {"Predictor": 15, "Colors": channels, "BitsPerComponent": bits, "Columns": width}
    return objects.stream(parts[b"IDAT"], head, packed=True)


def _with_alpha(objects: Objects, packed: bytes, width: int, height: int, bits: int, channels: int) -> Ref:
    """Return an image whose last channel has become its mask."""
    sample = bits // 8
    head = _head(width, height, Name(_SPACES[channels - 1]), bits)
    stride = width * channels * sample
    reader = zlib.decompressobj()
    rows = reader.decompress(packed, (stride + 1) * height)
    flat = b"".join(_unfiltered(rows, stride, channels * sample))
    planes = [flat[n :: channels * sample] for n in range(channels * sample)]
    solid = len(planes) - sample
    colours = bytearray(width * height * solid)
    for n, plane in enumerate(planes[:solid]):
        colours[n::solid] = plane
    mask = bytearray(width * height * sample)
    for n, plane in enumerate(planes[solid:]):
        mask[n::sample] = plane
    veil = objects.stream(bytes(mask), _head(width, height, Name("DeviceGray"), bits))
    return objects.stream(bytes(colours), {**head, "SMask": veil})


def _unfiltered(rows: bytes, stride: int, pixel: int) -> Iterator[bytes]:
    """Yield the rows of a PNG without its prediction (PNG §9)."""
    above = bytes(stride)
    for at in range(0, len(rows) - stride, stride + 1):
        row = bytearray(rows[at + 1 : at + 1 + stride])
        _PREDICTIONS[rows[at]](row, above, pixel)
        above = bytes(row)
        yield above


def _plain(row: bytearray, above: bytes, pixel: int) -> None:
    """Nothing was predicted."""


def _sub(row: bytearray, above: bytes, pixel: int) -> None:
    for n in range(pixel, len(row)):
        row[n] = (row[n] + row[n - pixel]) & 255


def _up(row: bytearray, above: bytes, pixel: int) -> None:
    row[:] = bytes((a + b) & 255 for a, b in zip(row, above, strict=True))


def _average(row: bytearray, above: bytes, pixel: int) -> None:
    for n in range(len(row)):
        left = row[n - pixel] if n >= pixel else 0
        row[n] = (row[n] + (left + above[n]) // 2) & 255


def _paeth(row: bytearray, above: bytes, pixel: int) -> None:
    for n in range(len(row)):
        left, corner = (row[n - pixel], above[n - pixel]) if n >= pixel else (0, 0)
        guess = left + above[n] - corner
        nearest = min((left, above[n], corner), key=lambda value: abs(guess - value))
        row[n] = (row[n] + nearest) & 255


_PREDICTIONS = {0: _plain, 1: _sub, 2: _up, 3: _average, 4: _paeth}
