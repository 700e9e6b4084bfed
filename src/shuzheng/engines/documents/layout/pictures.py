"""Pictures and QR codes in boxes."""

from __future__ import annotations

import struct
from typing import cast

import segno

from shuzheng.engines.documents.drawing import Mark, Shape
from shuzheng.engines.documents.ofd.shapes import Box, Command, rectangle

_JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def pixels(data: bytes) -> tuple[int, int]:
    """Return width and height of a PNG or JPEG in pixels; (1, 1) where they cannot be told."""
    if data.startswith(b"\x89PNG") and len(data) >= 24:
        return cast("tuple[int, int]", struct.unpack(">II", data[16:24]))
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        if data[at + 1] in _JPEG_SIZES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 1, 1


def fit(data: bytes, box: Box) -> Box:
    """Return the largest box of the picture's proportions within a box, in its middle."""
    width, height = pixels(data)
    x, y, w, h = box
    scale = min(w / max(width, 1), h / max(height, 1))
    shown_w, shown_h = width * scale, height * scale
    return (x + (w - shown_w) / 2, y + (h - shown_h) / 2, shown_w, shown_h)


def qr_marks(text: str, x: float, y: float, size: float) -> list[Mark]:
    """Return a QR code as one path: sharp at every size, with the quiet zone of four modules inside the box."""
    code = segno.make(text, error="m", micro=False)
    rows = [list(row) for row in code.matrix]
    module = size / (len(rows) + 8)
    commands: list[Command] = []
    for left, top, width, height in _blocks(rows):
        commands += rectangle(x + (left + 4) * module, y + (top + 4) * module, width * module, height * module)
    return [Shape(tuple(commands), fill=(0, 0, 0))] if text else []


def _blocks(rows: list[list[int]]) -> list[tuple[int, int, int, int]]:
    """Return the dark modules as rectangles: spans of a row, joined with the same spans of the rows below."""
    done: list[tuple[int, int, int, int]] = []
    open_spans: dict[tuple[int, int], int] = {}
    for n, row in enumerate([*rows, []]):
        spans = set(_spans(row))
        ended = [span for span in open_spans if span not in spans]
        done += [
            (start, open_spans[start, length], length, n - open_spans.pop((start, length))) for start, length in ended
        ]
        for span in sorted(spans):
            open_spans.setdefault(span, n)
    return done


def _spans(row: list[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for n, dark in enumerate(row):
        if not dark:
            continue
        if spans and sum(spans[-1]) == n:
            spans[-1] = (spans[-1][0], spans[-1][1] + 1)
        else:
            spans.append((n, 1))
    return spans
