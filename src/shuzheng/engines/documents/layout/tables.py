"""Tables: rows that stay whole where a page can hold them, a head repeated on every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shuzheng.engines.documents.drawing import Element, Item, Shape
from shuzheng.engines.documents.layout.blocks import Fields, Table
from shuzheng.engines.documents.layout.filling import Filled
from shuzheng.engines.documents.layout.strips import Strip, text_strips
from shuzheng.engines.documents.layout.typesetting import Style
from shuzheng.engines.documents.ofd.shapes import rectangle

PADDING = 1.6
EDGE = 0.2


@dataclass(frozen=True)
class Cell:
    """The text of a cell and how it looks."""

    text: str
    style: Style
    role: str = "TD"


def field_strips(block: Fields, style: Style, filled: Filled, width: float) -> list[Strip]:
    """Return the strips of labels and texts."""
    merged = replace(style.varied(block), indent=0)
    if block.align is None:
        merged = replace(merged, align="left")
    widths = [min(block.label_width, width / 2), width - min(block.label_width, width / 2)]
    element = Element("Table")
    made: list[Strip] = []
    for label, text in block.fields:
        cells = [Cell(filled.text(label), merged, "TH"), Cell(filled.text(text), merged)]
        made.extend(_row(cells, widths, element, frame=block.frame))
    return made


def table_strips(block: Table, style: Style, filled: Filled, width: float) -> list[Strip]:
    """Return the strips of a table, its head first."""
    merged = replace(style.varied(block), indent=0)
    share = width / sum(column.width for column in block.columns)
    widths = [column.width * share for column in block.columns]
    element = Element("Table")
    head_style = replace(merged, family="hei", align="center")
    head = _whole(_row([Cell(c.title, head_style, "TH") for c in block.columns], widths, element))
    made = [replace(head, keep=True)]
    for row in filled.rows(block.table):
        cells = [Cell(row.get(c.field, ""), replace(merged, align=c.align)) for c in block.columns]
        made.extend(replace(strip, again=head) for strip in _row(cells, widths, element))
    return made


def _row(cells: Sequence[Cell], widths: Sequence[float], table: Element, *, frame: bool = True) -> list[Strip]:
    """Return a row as one strip, or as several where its text is longer than a third of a page."""
    row = Element("TR", table)
    pad = PADDING if frame else 0
    columns = [
        text_strips(cell.text, cell.style, width - 2 * pad, Element(cell.role, row))
        for cell, width in zip(cells, widths, strict=True)
    ]
    limit = 100.0
    made: list[Strip] = []
    while any(columns) or not made:
        taken = [_take(column, limit) for column in columns]
        columns = [column[len(part) :] for column, part in zip(columns, taken, strict=True)]
        made.append(_piece(taken, widths, pad, frame=frame))
    return made


def _take(column: list[Strip], limit: float) -> list[Strip]:
    height = 0.0
    for count, part in enumerate(column):
        height += part.height
        if height > limit and count:
            return column[:count]
    return column


def _piece(columns: Sequence[list[Strip]], widths: Sequence[float], pad: float, *, frame: bool) -> Strip:
    heights = [sum(part.height for part in column) for column in columns]
    height = max(heights) + 2 * pad

    def draw(x: float, y: float) -> list[Item]:
        items: list[Item] = []
        left = x
        for column, width, own in zip(columns, widths, heights, strict=True):
            if frame:
                items.append(
                    Item(None, [Shape(tuple(rectangle(left, y, width, height)), stroke=(0, 0, 0), width=EDGE)])
                )
            top = y + (height - own) / 2 if frame else y
            for part in column:
                items.extend(part.draw(left + pad, top))
                top += part.height
            left += width
        return items

    return Strip(height, draw)


def _whole(strips: list[Strip]) -> Strip:
    """Return several strips as one."""

    def draw(x: float, y: float) -> list[Item]:
        items: list[Item] = []
        for strip in strips:
            items.extend(strip.draw(x, y))
            y += strip.height
        return items

    return Strip(sum(strip.height for strip in strips), draw)
