"""A path as a picture of dots, for readers that show seals as PNG only."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator

from shuzheng.engines.documents.ofd.shapes import Command

#: Lines looked at in one row of dots, for smooth edges.
FINE = 4
#: Straight pieces of a curve, at least and at most.
FEWEST, MOST = 4, 64
Edge = tuple[float, float, float, float, int]


def png(path: Iterable[Command], size: float, *, dots: int, colour: tuple[int, int, int]) -> bytes:
    """Return a square PNG with transparency of a path filled by non-zero winding; ``size`` is its side in the path's unit."""
    rows = _coverage(list(_edges(path, dots / size)), dots)
    pixel = bytes(colour)
    raw = b"".join(b"\0" + b"".join(pixel + bytes((share,)) for share in row) for row in rows)
    header = struct.pack(">IIBBBBB", dots, dots, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(raw, 9)) + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _edges(path: Iterable[Command], scale: float) -> Iterator[Edge]:
    """Yield edges from their upper to their lower end, with their direction."""
    start = here = (0.0, 0.0)
    for letter, values in path:
        points = [(x * scale, y * scale) for x, y in zip(values[::2], values[1::2], strict=True)]
        if letter == "M":
            start = here = points[0]
            continue
        for point in [start] if letter == "C" else points if letter == "L" else _flat(here, points):
            if here[1] != point[1]:
                yield (*here, *point, 1) if here[1] < point[1] else (*point, *here, -1)
            here = point


def _flat(start: tuple[float, float], points: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = start, *points
    pieces = max(FEWEST, min(MOST, round((abs(dx - ax) + abs(dy - ay)) / 2)))
    for step in range(1, pieces + 1):
        t = step / pieces
        u = 1 - t
        k0, k1, k2, k3 = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
        yield k0 * ax + k1 * bx + k2 * cx + k3 * dx, k0 * ay + k1 * by + k2 * cy + k3 * dy


def _coverage(edges: list[Edge], dots: int) -> Iterator[list[int]]:
    """Yield each row's dots as opacity, 0 to 255."""
    crossing: list[list[tuple[float, int]]] = [[] for _ in range(dots * FINE)]
    for x1, y1, x2, y2, direction in edges:
        slope = (x2 - x1) / (y2 - y1)
        first = max(0, int(y1 * FINE + 0.5))
        last = min(dots * FINE, int(y2 * FINE + 0.5))
        for line in range(first, last):
            crossing[line].append((x1 + ((line + 0.5) / FINE - y1) * slope, direction))
    for row in range(dots):
        cover = [0.0] * (dots + 1)
        for line in crossing[row * FINE : row * FINE + FINE]:
            for left, right in _spans(sorted(line)):
                _fill(cover, max(0.0, left), min(float(dots), right))
        yield [min(255, round(share * 255 / FINE)) for share in cover[:dots]]


def _spans(crossings: list[tuple[float, int]]) -> Iterator[tuple[float, float]]:
    winding, start = 0, 0.0
    for x, direction in crossings:
        if winding == 0:
            start = x
        winding += direction
        if winding == 0 and x > start:
            yield start, x


def _fill(cover: list[float], left: float, right: float) -> None:
    if right <= left:
        return
    first, last = int(left), int(right)
    if first == last:
        cover[first] += right - left
        return
    cover[first] += first + 1 - left
    for dot in range(first + 1, last):
        cover[dot] += 1
    cover[last] += right - last
