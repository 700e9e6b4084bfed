"""Blocks as strips: parts of a fixed height that are never cut, put under one another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from shuzheng.engines.documents.drawing import Element, Item, Mark, Picture, Shape
from shuzheng.engines.documents.layout.blocks import (
    AnyBlock,
    Heading,
    Look,
    PageBreak,
    Paragraph,
    PictureBlock,
    QrCode,
    Rule,
    Signature,
    Space,
)
from shuzheng.engines.documents.layout.filling import Filled
from shuzheng.engines.documents.layout.pictures import fit, qr_marks
from shuzheng.engines.documents.layout.typesetting import ASCENT, Style, colour, lines_of, set_line
from shuzheng.engines.documents.ofd.shapes import line

#: Draws a strip whose upper left corner is at (x, y).
Draw = Callable[[float, float], list[Item]]
HEADINGS = {
    1: Look(font="song", bold=True, size="二号", align="center", indent=0, line=1.6),
    2: Look(font="hei", size="三号", align="left", indent=0, line=1.6),
    3: Look(font="hei", size="四号", align="left", indent=0, line=1.6),
}


@dataclass(frozen=True)
class Strip:
    """A part of the flow that stays in one piece."""

    height: float
    draw: Draw
    #: Stays on one page with the next strip.
    keep: bool = False
    #: Dropped where a page begins.
    space: bool = False
    #: The next strip begins a page.
    turn: bool = False
    #: Drawn again where a page begins before this strip (the head of its table).
    again: Strip | None = None
    #: A seal goes here: its name and its box relative to the strip.
    seal: tuple[str, float, float, float, float] | None = None


def empty(height: float) -> Strip:
    """Return empty space."""
    return Strip(height, lambda _x, _y: [], space=True)


def text_strips(text: str, style: Style, width: float, element: Element, *, keep: bool = False) -> list[Strip]:
    """Return a strip for each line; the first two and the last two lines of a paragraph stay together."""
    indent = style.indent * style.size
    lines = lines_of(text, style, width)
    made: list[Strip] = []
    begins = True
    for number, (words, last) in enumerate(lines):
        left = indent if begins else 0.0
        begins = last
        near_edge = number == 0 or number == len(lines) - 2
        made.append(
            Strip(
                style.leading,
                _line_drawer(words, style, left, width, last, element),
                keep or (near_edge and len(lines) > 1),
            )
        )
    if made and not keep:
        made[-1] = replace(made[-1], keep=False)
    return made


def _line_drawer(words: str, style: Style, left: float, width: float, last: bool, element: Element) -> Draw:
    def draw(x: float, y: float) -> list[Item]:
        baseline = y + (style.leading - style.size) / 2 + ASCENT * style.size
        marks: list[Mark] = [*set_line(words, style, x + left, baseline, width - left, last=last)]
        return [Item(element, marks)] if marks else []

    return draw


def strips_of(block: AnyBlock, style: Style, filled: Filled, width: float) -> list[Strip]:
    """Return the strips of a block other than tables."""
    own = style.varied(block)
    match block:
        case Heading():
            merged = style.varied(HEADINGS[block.level]).varied(block)
            return text_strips(filled.text(block.heading), merged, width, Element(f"H{block.level}"), keep=True)
        case Paragraph():
            return text_strips(filled.text(block.paragraph), own, width, Element("P"))
        case Signature():
            return _signature(block, own, filled, width)
        case PictureBlock():
            return _picture(block, filled, width, own.align)
        case QrCode():
            return _qr(block, filled, width, own.align)
        case _:
            return _bare(block, width)


def _bare(block: AnyBlock, width: float) -> list[Strip]:
    """Return the strips of a block that says nothing."""
    match block:
        case Rule():
            return [_rule(block, width)]
        case Space():
            return [empty(block.space)]
        case PageBreak():
            return [Strip(0, lambda _x, _y: [], space=True, turn=True)]
        case _:
            raise AssertionError(f"{block} is no block of the flow")


def _aligned(width: float, room: float, align: str) -> float:
    return {"center": (room - width) / 2, "right": room - width}.get(align, 0.0)


def _picture(block: PictureBlock, filled: Filled, width: float, align: str) -> list[Strip]:
    data = filled.picture(block.picture)
    if not data:
        return []
    left = _aligned(block.width, width, align)
    element = Element("Figure", alternative=block.alternative)

    def draw(x: float, y: float) -> list[Item]:
        return [Item(element, [Picture(data, *fit(data, (x + left, y, block.width, block.height)))])]

    return [Strip(block.height, draw)]


def _qr(block: QrCode, filled: Filled, width: float, align: str) -> list[Strip]:
    text = filled.text(block.qr)
    left = _aligned(block.width, width, align)
    element = Element("Figure", alternative=block.alternative)
    return [Strip(block.width, lambda x, y: [Item(element, qr_marks(text, x + left, y, block.width))])]


def _rule(block: Rule, width: float) -> Strip:
    ink = colour(block.colour or "#000000")

    def draw(x: float, y: float) -> list[Item]:
        middle = y + block.rule / 2
        return [Item(None, [Shape(tuple(line(x, middle, x + width, middle)), stroke=ink, width=block.rule)])]

    return Strip(block.rule, draw)


def _signature(block: Signature, style: Style, filled: Filled, width: float) -> list[Strip]:
    """Return who signs and the date, one centred above the other, at the right; the seal lies over both."""
    texts = [t for t in (filled.text(block.signature), filled.text(block.date)) if t]
    widest = min(max((style.length(t) for t in texts), default=0), width)
    left = max(width - widest - 4 * style.size, 0)
    centred = replace(style, align="center", indent=0)
    made = [
        Strip(part.height, _moved(part.draw, left), keep=True)
        for text in texts
        for part in text_strips(text, centred, widest + 0.01, Element("P"), keep=True)
    ]
    if made:
        made[-1] = replace(made[-1], keep=False)
    if not block.seal:
        return made
    middle = sum(part.height for part in made) / 2
    size = block.seal_size
    room = max(size / 2 - middle, 0)
    place = (block.seal, left + widest / 2 - size / 2, room + middle - size / 2, size, size)
    return [Strip(room, lambda _x, _y: [], keep=True, seal=place), *made]


def _moved(draw: Draw, by: float) -> Draw:
    return lambda x, y: draw(x + by, y)
