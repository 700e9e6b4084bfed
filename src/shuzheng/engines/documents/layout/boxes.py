"""Boxes at fixed places: faces of licences, stamps of copies, anything that does not flow."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.drawing import POINT, Element, Item, Mark, Picture, SealPlace, Shape
from shuzheng.engines.documents.layout.filling import Filled
from shuzheng.engines.documents.layout.ornament import edge
from shuzheng.engines.documents.layout.pictures import fit, qr_marks
from shuzheng.engines.documents.layout.template import Box
from shuzheng.engines.documents.layout.typesetting import ASCENT, Style, colour, lines_of, runs, set_line
from shuzheng.engines.documents.ofd.shapes import rectangle
from shuzheng.kernel.error import FieldProblem, InvalidInput

#: Type is shrunk in steps of this share.
STEP = 0.96
_NEARLY = 0.001


class DoesNotFit(InvalidInput):
    """A value is too long for its place even in the smallest type."""

    code = "does-not-fit"
    message = _("“{text}”太长，缩到最小字号也放不进证照上的位置。请缩短后重试。")

    def __init__(self, box: Box, text: str) -> None:
        said = str(self.message).format(text=text[:30])
        names = box.text or "text"
        super().__init__(FieldProblem(f"values.{names.strip('{}')}", said), message=said)


def draw_box(box: Box, filled: Filled, style: Style, sheet: int) -> tuple[list[Item], list[SealPlace]]:
    """Return what a box shows and the seal that goes there. Raises DoesNotFit, GlyphMissing."""
    if not filled.shown(box.when):
        return [], []
    x, y, width, height = box.at
    alpha = round(255 * box.opacity)
    items: list[Item] = []
    if box.fill:
        items.append(Item(None, [Shape(tuple(rectangle(*box.at, _radius(box))), fill=colour(box.fill), alpha=alpha)]))
    if box.border:
        items.append(Item(None, edge(box.border, box.at)))
    inner = (x + box.padding, y + box.padding, width - 2 * box.padding, height - 2 * box.padding)
    data = filled.picture(box.picture) if box.picture else b""
    figure = Element("Figure", alternative=box.alternative)
    if data:
        items.append(Item(figure, [Picture(data, *fit(data, inner), alpha)]))
    if box.qr:
        side = min(inner[2], inner[3])
        square = (inner[0] + (inner[2] - side) / 2, inner[1] + (inner[3] - side) / 2)
        items.append(Item(figure, qr_marks(filled.text(box.qr), *square, side)))
    if box.text:
        look = replace(style.varied(box), alpha=alpha)
        element = Element("H1" if box.heading else "P")
        marks = _upright(box, filled, look, inner) if box.upright else _level(box, filled, look, inner)
        items.append(Item(element, marks))
    seals = [SealPlace(box.seal, sheet, *box.at)] if box.seal else []
    return items, seals


def _radius(box: Box) -> float:
    return box.border.radius if box.border else 0


def _level(box: Box, filled: Filled, style: Style, inner: tuple[float, float, float, float]) -> list[Mark]:
    """Return the text in lines, shrunk until it fits."""
    x, y, width, height = inner
    text = filled.text(box.text)
    style = replace(style, indent=style.indent if box.indent is not None else 0)
    lines = lines_of(text, style, width)
    while len(lines) * style.leading > max(height, style.leading) + _NEARLY or _widest(lines, style) > width + _NEARLY:
        if style.size * STEP < float(box.smallest) * POINT:
            raise DoesNotFit(box, text)
        style = replace(style, size=style.size * STEP, letter=style.letter * STEP)
        lines = lines_of(text, style, width)
    used = len(lines) * style.leading
    top = y + {"top": 0, "middle": (height - used) / 2, "bottom": height - used}[box.vertical]
    marks: list[Mark] = []
    begins = True
    for words, last in lines:
        left = style.indent * style.size if begins else 0
        begins = last
        baseline = top + (style.leading - style.size) / 2 + ASCENT * style.size
        marks += set_line(words, style, x + left, baseline, width - left, last=last)
        top += style.leading
    return marks


def _widest(lines: list[tuple[str, bool]], style: Style) -> float:
    return max((style.length(words) for words, _last in lines), default=0)


def _upright(box: Box, filled: Filled, style: Style, inner: tuple[float, float, float, float]) -> list[Mark]:
    """Return the text from top to bottom, columns from right to left, as on old certificates and banners."""
    x, y, width, height = inner
    text = filled.text(box.text)
    while True:
        step = style.size + style.letter
        each = max(int((height + style.letter) / step + _NEARLY), 1)
        columns = [line[n : n + each] for line in text.split("\n") for n in range(0, len(line), each)]
        if len(columns) * style.leading <= width + _NEARLY and style.size <= height + _NEARLY:
            break
        if style.size * STEP < float(box.smallest) * POINT:
            raise DoesNotFit(box, text)
        style = replace(style, size=style.size * STEP, letter=style.letter * STEP)
    right = x + (width + len(columns) * style.leading) / 2
    marks: list[Mark] = []
    for n, column in enumerate(columns):
        used = len(column) * step - style.letter
        top = y + {"top": 0, "middle": (height - used) / 2, "bottom": height - used}[box.vertical]
        for m, character in enumerate(column):
            left = right - (n + 0.5) * style.leading - style.width(character) / 2
            marks += runs(character, style, left, top + m * step + ASCENT * style.size, [0.0])
    return marks
