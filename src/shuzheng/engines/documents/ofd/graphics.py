"""What stands on a page: texts, paths and images with their colours and places (GB/T 33190 §8.5, §9–13)."""

from __future__ import annotations

from dataclasses import dataclass, field

from shuzheng.engines.documents.ofd.parsing import Matrix
from shuzheng.engines.documents.ofd.shading import Shading
from shuzheng.engines.documents.ofd.shapes import Box, Colour, Command


@dataclass(frozen=True)
class Pen:
    """How lines and surfaces look where an object does not say (DrawParam, §8.2)."""

    width: float = 0.353
    stroke: Colour | None = None
    fill: Colour | None = None
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Graphic:
    """Anything drawn: the box it stands in, a matrix from its own coordinates into the box, its opacity 0–255."""

    boundary: Box
    ctm: Matrix
    alpha: int
    #: Of each clip the paths that show something of the object, in the coordinates of its box (§8.4); all must hold.
    clips: tuple[tuple[PathObject, ...], ...] = field(default=(), kw_only=True)


@dataclass(frozen=True)
class TextRun:
    """One TextCode: its characters and where each begins, on the baseline, in the object's coordinates."""

    text: str
    places: tuple[tuple[float, float], ...]
    #: Glyph numbers by position, where the file tells them (CGTransform).
    glyphs: dict[int, int]


@dataclass(frozen=True)
class TextObject(Graphic):
    """Text."""

    font: str
    size: float
    runs: tuple[TextRun, ...]
    fill: Colour | None
    stroke: Colour | None
    width: float
    scale: float = 1
    bold: bool = False
    italic: bool = False
    #: Degrees by which each character is turned (CharDirection).
    turned: int = 0


@dataclass(frozen=True)
class PathObject(Graphic):
    """A path."""

    commands: tuple[Command, ...]
    fill: Colour | None
    stroke: Colour | None
    width: float
    dash: tuple[float, ...]
    even_odd: bool
    #: What fills it instead of one colour.
    shading: Shading | None = None
    pattern: Pattern | None = None


@dataclass(frozen=True)
class Pattern:
    """A pattern (底纹, §8.3.3): a cell repeated over a surface, in the object's coordinates or the page's."""

    cell: tuple[float, float]
    #: From each cell to the next; where cells would overlap, what lies beyond the next one's edge is not shown.
    step: tuple[float, float]
    ctm: Matrix
    of_page: bool
    objects: tuple[AnyGraphic, ...]


@dataclass(frozen=True)
class ImageObject(Graphic):
    """An image; the matrix maps the unit square."""

    resource: str


@dataclass(frozen=True)
class Group(Graphic):
    """A composite object (§13): others, drawn in its coordinates."""

    objects: tuple[AnyGraphic, ...]


AnyGraphic = TextObject | PathObject | ImageObject | Group
