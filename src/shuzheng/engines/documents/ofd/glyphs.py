"""Outlines for showing a page: from the font that a file carries, or from ours where it carries none."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

from shuzheng.engines.documents.fonts.errors import FontMissing, GlyphMissing
from shuzheng.engines.documents.fonts.face import EM
from shuzheng.engines.documents.fonts.families import Family, split
from shuzheng.engines.documents.ofd.document import Font

#: A font that somebody sent may be built to exhaust; whole Chinese fonts stay below this.
LARGEST = 32 * 2**20
#: Parts of names by which a family is known.
_KNOWN: tuple[tuple[Family, tuple[str, ...]], ...] = (
    ("kai", ("楷", "kai")),
    ("fang", ("仿宋", "fangsong")),
    ("hei", ("黑", "hei", "sans", "arial", "helvetica", "courier", "consolas", "雅黑", "yahei", "gothic")),
)


def family_of(font: Font | None) -> Family:
    """Return which of our families stands in for a font."""
    name = f"{font.name} {font.family}".casefold() if font else ""
    for family, marks in _KNOWN:
        if any(mark in name for mark in marks):
            return family
    return "song"


@dataclass(frozen=True)
class Outline:
    """The outline of a glyph as a path of SVG, y upwards; ``scale`` makes one size of it."""

    path: str
    scale: float
    #: Width in sizes, where the glyph stands in for another and may have to be narrowed; 0 for the file's own.
    width: float = 0


class _Embedded:
    """A font that a file carries, opened; raises whatever fontTools finds wrong with it."""

    def __init__(self, data: bytes) -> None:
        self.font: Any = TTFont(io.BytesIO(data), fontNumber=0, lazy=True)
        self.scale = 1 / self.font["head"].unitsPerEm
        self.glyphs: Any = self.font.getGlyphSet()
        self.names: dict[int, str] = self.font.getBestCmap() or {} if "cmap" in self.font else {}


class Outlines:
    """The outlines of one font."""

    def __init__(self, font: Font | None, *, bold: bool = False, folder: Path | None = None) -> None:
        self._family: Family = family_of(font)
        self._bold = bold or bool(font and font.bold)
        self._folder = folder
        self._embedded = _open(font.data) if font and font.data else None
        self._known: dict[tuple[str, int | None], Outline | None] = {}

    def path(self, character: str, glyph: int | None) -> Outline | None:
        """Return the outline of a character (or of the glyph the file names); None if nobody has one."""
        key = (character, glyph)
        if key not in self._known:
            self._known[key] = self._own(character, glyph) or self._ours(character)
        return self._known[key]

    def _own(self, character: str, glyph: int | None) -> Outline | None:
        if self._embedded is None:
            return None
        embedded = self._embedded
        return _guarded(lambda: self._draw(embedded, character, glyph))

    @staticmethod
    def _draw(font: _Embedded, character: str, glyph: int | None) -> Outline | None:
        name = font.font.getGlyphName(glyph) if glyph else font.names.get(ord(character))
        if name is None:
            return None
        pen = SVGPathPen(font.glyphs)
        font.glyphs[name].draw(pen)
        return Outline(pen.getCommands(), font.scale)

    def _ours(self, character: str) -> Outline | None:
        try:
            used = split(character, self._family, bold=self._bold, folder=self._folder)[0][0]
        except (GlyphMissing, FontMissing):
            return None
        pen = SVGPathPen(None)
        used.glyph(character).draw(pen, None)
        return Outline(pen.getCommands(), 1 / EM, used.width(character) / EM)


def _open(data: bytes) -> _Embedded | None:
    return _guarded(lambda: _Embedded(data)) if len(data) <= LARGEST else None


def _guarded(work: Callable[[], Any]) -> Any:
    """Return what comes of it; a font that somebody sent may be broken in any way, and then ours is taken."""
    try:
        return work()
    except Exception:
        return None
