"""A document laid out: pages of words, shapes and pictures at their places, before it becomes OFD, PDF or SVG."""

from __future__ import annotations

from dataclasses import dataclass, field

from shuzheng.engines.documents.fonts.face import Face
from shuzheng.engines.documents.ofd.shapes import BLACK, Colour, Command

POINT = 25.4 / 72
OPAQUE = 255


@dataclass(frozen=True, slots=True)
class Words:
    """One run of text in one face, beginning at (x, y) on its baseline; millimetres."""

    x: float
    y: float
    text: str
    face: Face
    size: float
    #: Width of each character, spacing included; as many as characters.
    advances: tuple[float, ...]
    colour: Colour = BLACK
    alpha: int = OPAQUE
    #: Counter-clockwise, in degrees.
    angle: float = 0


@dataclass(frozen=True, slots=True)
class Shape:
    """A path, filled, stroked or both."""

    commands: tuple[Command, ...]
    stroke: Colour | None = None
    fill: Colour | None = None
    width: float = 0.25
    dash: tuple[float, ...] = ()
    alpha: int = OPAQUE


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or JPEG in a box."""

    data: bytes
    x: float
    y: float
    width: float
    height: float
    alpha: int = OPAQUE


Mark = Words | Shape | Picture


@dataclass(eq=False)
class Element:
    """A part of the text as a screen reader tells it: a role of PDF (H1, P, Table, TR, TH, TD, Figure)."""

    role: str
    parent: Element | None = None
    #: Said instead of a picture.
    alternative: str = ""


@dataclass(frozen=True)
class Item:
    """Marks that belong to one element, or to none (decoration)."""

    element: Element | None
    marks: list[Mark]


@dataclass(frozen=True)
class SealPlace:
    """Where a seal goes: its name in the template, the page (from 0) and the box in millimetres."""

    name: str
    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass
class Sheet:
    """One page."""

    width: float
    height: float
    background: list[Item] = field(default_factory=list)
    body: list[Item] = field(default_factory=list)
    #: Above everything, an annotation of its own.
    watermark: list[Mark] = field(default_factory=list)


@dataclass
class Composition:
    """A whole document laid out."""

    title: str
    language: str
    sheets: list[Sheet]
    seals: list[SealPlace] = field(default_factory=list)
