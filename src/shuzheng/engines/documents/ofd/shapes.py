"""Shapes: paths of moves, lines, cubic curves and closings, in millimetres from the upper left corner of a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

#: ``M x y`` · ``L x y`` · ``B x1 y1 x2 y2 x y`` (cubic) · ``C`` (close): the letters of AbbreviatedData (§9.3).
Command = tuple[str, tuple[float, ...]]
Box = tuple[float, float, float, float]
#: Paths shared by many documents that are remembered as written.
REMEMBERED = 128


class SharedPath(tuple[Command, ...]):
    """A path that many documents draw alike, such as the woven edge of a face: its hash is taken once, its text kept."""

    def __hash__(self) -> int:
        """Return the hash, computed once."""
        known = self.__dict__.get("hash")
        if known is None:
            known = self.__dict__["hash"] = super().__hash__()
        return known


Colour = tuple[int, int, int]
BLACK: Colour = (0, 0, 0)
#: How far the controls of a cubic quarter circle lie from its ends.
_ROUND = 0.5522847498


def number(value: float) -> str:
    """Return a number as files carry it: a tenth of a micrometre is exact enough, and the same everywhere."""
    shown = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if shown in ("-0", "") else shown


def line(x1: float, y1: float, x2: float, y2: float) -> list[Command]:
    """Return a straight line."""
    return [("M", (x1, y1)), ("L", (x2, y2))]


def rectangle(x: float, y: float, width: float, height: float, radius: float = 0) -> list[Command]:
    """Return a rectangle, its corners rounded by ``radius``."""
    right, bottom, r = x + width, y + height, min(radius, width / 2, height / 2)
    if r <= 0:
        return [("M", (x, y)), ("L", (right, y)), ("L", (right, bottom)), ("L", (x, bottom)), ("C", ())]
    k = r * (1 - _ROUND)
    return [
        ("M", (x + r, y)),
        ("L", (right - r, y)),
        ("B", (right - k, y, right, y + k, right, y + r)),
        ("L", (right, bottom - r)),
        ("B", (right, bottom - k, right - k, bottom, right - r, bottom)),
        ("L", (x + r, bottom)),
        ("B", (x + k, bottom, x, bottom - k, x, bottom - r)),
        ("L", (x, y + r)),
        ("B", (x, y + k, x + k, y, x + r, y)),
        ("C", ()),
    ]


def ellipse(x: float, y: float, width: float, height: float) -> list[Command]:
    """Return the ellipse that fills a box."""
    a, b = width / 2, height / 2
    cx, cy, ka, kb = x + a, y + b, a * _ROUND, b * _ROUND
    return [
        ("M", (cx, y)),
        ("B", (cx + ka, y, x + width, cy - kb, x + width, cy)),
        ("B", (x + width, cy + kb, cx + ka, y + height, cx, y + height)),
        ("B", (cx - ka, y + height, x, cy + kb, x, cy)),
        ("B", (x, cy - kb, cx - ka, y, cx, y)),
        ("C", ()),
    ]


def bounds(commands: Iterable[Command]) -> Box:
    """Return the box (x, y, width, height) around all points, controls included; zeros for nothing."""
    points = [point for _letter, values in commands for point in zip(values[::2], values[1::2], strict=True)]
    if not points:
        return (0, 0, 0, 0)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def moved(commands: Sequence[Command], dx: float, dy: float) -> list[Command]:
    """Return a path moved."""
    return [(letter, tuple(v + (dy if n % 2 else dx) for n, v in enumerate(values))) for letter, values in commands]


def written(commands: Sequence[Command], room: float) -> tuple[Box, str]:
    """Return the boundary of a path, widened by ``room``, and its AbbreviatedData within it."""
    return _remembered(commands, room) if isinstance(commands, SharedPath) else _written(commands, room)


def _written(commands: Sequence[Command], room: float) -> tuple[Box, str]:
    x, y, w, h = bounds(commands)
    boundary = (x - room, y - room, w + 2 * room, h + 2 * room)
    return boundary, abbreviated(moved(commands, -boundary[0], -boundary[1]))


_remembered = lru_cache(maxsize=REMEMBERED)(_written)


def abbreviated(commands: Iterable[Command]) -> str:
    """Return a path as AbbreviatedData (§9.3)."""
    return " ".join(" ".join((letter, *map(number, values))) for letter, values in commands)
