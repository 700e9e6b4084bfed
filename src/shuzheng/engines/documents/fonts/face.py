"""A face: one family in one weight, its glyphs and their widths."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

from shuzheng.engines.documents.fonts.outline import quadratic

#: What strokes of a made bold gain, in thousandths of an em.
BOLD = 34
#: Units to an em of everything handed out, whatever the file has.
EM = 1000


@dataclass(eq=False)
class Face:
    """A face loaded from a file (TTF, OTF, or the first of a TTC); safe to share between threads.

    ``name`` is what readers without embedded fonts look for, e.g. 宋体.
    """

    name: str
    file: Path
    bold: bool = False
    serif: bool = False
    _glyphs: dict[str, Glyph] = field(default_factory=dict, repr=False)
    _packed: dict[str, bytes] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def __post_init__(self) -> None:
        font: Any = TTFont(io.BytesIO(self.file.read_bytes()), fontNumber=0, lazy=True)
        self._set: Any = font.getGlyphSet()
        self._names: dict[int, str] = font.getBestCmap()
        self._cubic = "glyf" not in font
        self._scale = EM / font["head"].unitsPerEm
        self._widths: dict[str, tuple[int, int]] = font["hmtx"].metrics
        typographic = font["OS/2"]
        #: Height above and depth below the baseline, in thousandths of an em (depth is negative).
        self.ascent = round(typographic.sTypoAscender * self._scale)
        self.descent = round(typographic.sTypoDescender * self._scale)

    def __contains__(self, character: str) -> bool:
        return ord(character) in self._names

    def width(self, character: str) -> int:
        """Return the advance of a character in thousandths of an em. Raises KeyError if there is no glyph."""
        return round(self._widths[self._names[ord(character)]][0] * self._scale)

    def glyph(self, character: str) -> Glyph:
        """Return the outline of a character; kept, because documents use the same few thousand."""
        found = self._glyphs.get(character)
        if found is None:
            with self._lock:
                name = self._names[ord(character)]
                weight = BOLD if self.bold else 0
                found = quadratic(self._set[name], self._set, cubic=self._cubic, scale=self._scale, weight=weight)
                self._glyphs[character] = found
        return found

    def packed(self, character: str) -> bytes:
        """Return the outline as it stands in a font file."""
        found = self._packed.get(character)
        if found is None:
            found = self._packed[character] = bytes(self.glyph(character).compile(None, recalcBBoxes=False))
        return found
