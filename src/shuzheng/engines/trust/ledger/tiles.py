"""Tiles: a tree of 256-fold branches, cut so that what is complete never changes (C2SP tlog-tiles). Pure functions.

A tile of level ``n`` holds up to 256 hashes, each the root of a complete subtree of ``256 ** n`` leaves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shuzheng.engines.trust.ledger.tree import Range, pieces

#: Heights of the tree between two levels, and hashes of a full tile.
HEIGHT = 8
WIDTH = 1 << HEIGHT
_PATH = re.compile(r"tile/([0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile, by level and place; ``width`` is below 256 at the growing edge."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Return the path below the log's prefix, e.g. ``tile/0/x001/x234/067.p/8``."""
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        return f"tile/{self.level}/{name}" + (f".p/{self.width}" if self.width < WIDTH else "")

    @property
    def hashes(self) -> Range:
        """Return which hashes of its level it holds."""
        return self.index * WIDTH, self.index * WIDTH + self.width


def parse(path: str) -> Tile | None:
    """Return the tile of a path, or nothing if it is not spelt as it must be."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    tile = Tile(int(match[1]), int(match[2].replace("x", "").replace("/", "")), int(match[3] or WIDTH))
    return tile if tile.path == path else None


def grown(old: int, new: int) -> Iterator[Tile]:
    """Yield the tiles that a tree of ``new`` leaves has and one of ``old`` has not, full ones and the edge."""
    level = 0
    while new:
        for index in range(old // WIDTH, new // WIDTH):
            yield Tile(level, index)
        if new % WIDTH and new != old:
            yield Tile(level, new // WIDTH, new % WIDTH)
        level, old, new = level + 1, old // WIDTH, new // WIDTH


def needed(ranges: list[Range]) -> dict[int, set[int]]:
    """Return by level the hashes from which the roots of ranges can be computed."""
    wanted: dict[int, set[int]] = {}
    for start, end in ranges:
        for height, place in pieces(start, end):
            level, inside = divmod(height, HEIGHT)
            wanted.setdefault(level, set()).update(range(place << inside, (place + 1) << inside))
    return wanted
