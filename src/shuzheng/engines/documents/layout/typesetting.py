"""Setting lines of type: which face writes each character, how wide it is, where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from shuzheng.engines.documents.drawing import OPAQUE, POINT, Words
from shuzheng.engines.documents.fonts.face import EM, Face
from shuzheng.engines.documents.fonts.families import Family, split
from shuzheng.engines.documents.layout.blocks import Look
from shuzheng.engines.documents.layout.breaking import break_line
from shuzheng.engines.documents.ofd.shapes import Colour

#: A justified gap may grow by this share of the size; beyond, a line is left ragged.
STRETCH = 0.6
#: Where the baseline stands in a line of Chinese type, from the top of the type's body.
ASCENT = 0.88
_TYPE_CACHE = 50_000


@dataclass(frozen=True)
class Style:
    """How text looks, complete; millimetres."""

    family: Family = "song"
    size: float = 12 * POINT
    bold: bool = False
    colour: Colour = (0, 0, 0)
    align: str = "justify"
    line: float = 1.5
    indent: float = 0
    letter: float = 0
    alpha: int = OPAQUE
    folder: Path | None = None

    @property
    def leading(self) -> float:
        """Distance of two baselines."""
        return self.size * self.line

    def varied(self, look: Look) -> Style:
        """Return this style with what a look says otherwise."""
        return Style(
            family=look.font or self.family,
            size=float(look.size) * POINT if look.size is not None else self.size,
            bold=self.bold if look.bold is None else look.bold,
            colour=colour(look.colour) if look.colour else self.colour,
            align=look.align or self.align,
            line=self.line if look.line is None else look.line,
            indent=self.indent if look.indent is None else look.indent,
            letter=self.letter if look.letter is None else look.letter,
            alpha=self.alpha,
            folder=self.folder,
        )

    def width(self, character: str) -> float:
        """Return the advance of one character. Raises GlyphMissing."""
        return _advance(character, self.family, self.bold, self.folder) * self.size + self.letter

    def length(self, text: str) -> float:
        """Return the length of a line, without space after its last character."""
        return sum(map(self.width, text)) - (self.letter if text else 0)


def colour(written: str) -> Colour:
    """Return the parts of ``#rrggbb``."""
    return (int(written[1:3], 16), int(written[3:5], 16), int(written[5:7], 16))


@lru_cache(maxsize=_TYPE_CACHE)
def _advance(character: str, family: Family, bold: bool, folder: Path | None) -> float:
    return _face(character, family, bold, folder).width(character) / EM


@lru_cache(maxsize=_TYPE_CACHE)
def _face(character: str, family: Family, bold: bool, folder: Path | None) -> Face:
    return split(character, family, bold=bold, folder=folder)[0][0]


def lines_of(text: str, style: Style, room: float) -> list[tuple[str, bool]]:
    """Return the lines of a text and whether each ends a paragraph. Raises GlyphMissing with every unknown character."""
    split(text.replace("\n", ""), style.family, bold=style.bold, folder=style.folder) if text else None
    indent = style.indent * style.size
    found: list[tuple[str, bool]] = []
    for paragraph in text.replace("\r", "").replace("\t", " ").split("\n"):
        lines = break_line(paragraph, style.width, room - indent + style.letter, room + style.letter)
        found.extend((line, number == len(lines)) for number, line in enumerate(lines, start=1))
    return found


def set_line(text: str, style: Style, x: float, baseline: float, room: float, *, last: bool = True) -> list[Words]:
    """Return a line set in its room by its alignment; one run of words for each face."""
    spare = room - style.length(text)
    gaps = [0.0] * len(text)
    if style.align == "center":
        x += spare / 2
    elif style.align == "right":
        x += spare
    elif style.align == "spread" or (style.align == "justify" and not last):
        gaps = _stretched(text, spare, style)
    return runs(text, style, x, baseline, gaps)


def runs(text: str, style: Style, x: float, baseline: float, gaps: Sequence[float]) -> list[Words]:
    """Return the runs of a line that begins at x; ``gaps`` are added after each character."""
    made: list[Words] = []
    start, begun, at = 0, x, x
    advances: list[float] = []
    faces = [_face(c, style.family, style.bold, style.folder) for c in text]
    for n, character in enumerate(text):
        advance = style.width(character) + gaps[n]
        advances.append(advance)
        at += advance
        if n + 1 == len(text) or faces[n + 1] is not faces[n]:
            part = text[start : n + 1]
            made.append(Words(begun, baseline, part, faces[n], style.size, tuple(advances), style.colour, style.alpha))
            start, begun, advances = n + 1, at, []
    return made


def _stretched(text: str, spare: float, style: Style) -> list[float]:
    """Return what is added after each character, so that the line fills its room; nothing within words."""
    places = [n for n in range(len(text) - 1) if style.align == "spread" or not _inside_word(text, n)]
    if not places or spare <= 0 or (style.align == "justify" and spare / len(places) > STRETCH * style.size):
        return [0.0] * len(text)
    share = spare / len(places)
    wide = set(places)
    return [share if n in wide else 0.0 for n in range(len(text))]


def _inside_word(text: str, n: int) -> bool:
    return text[n].isascii() and text[n + 1].isascii() and " " not in text[n : n + 2]
