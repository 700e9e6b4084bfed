"""A template and its values, composed into pages."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

from shuzheng.engines.documents.drawing import Composition, Item, Mark, Shape, Sheet
from shuzheng.engines.documents.layout.blocks import Look
from shuzheng.engines.documents.layout.boxes import draw_box
from shuzheng.engines.documents.layout.filling import Filled
from shuzheng.engines.documents.layout.flow import flow
from shuzheng.engines.documents.layout.template import DocumentTemplate, Margin, Watermark
from shuzheng.engines.documents.layout.typesetting import ASCENT, Style, colour, runs, set_line
from shuzheng.engines.documents.ofd.shapes import rectangle

#: Text of official documents: 三号 仿宋, 28 characters a line, 22 lines a page (GB/T 9704).
BODY = Look(font="fang", size="三号", align="justify", line=1.75, indent=2)
MARGIN = Look(font="song", size="五号", align="center", indent=0, line=1)
WATERMARK = Look(font="hei", size=36, colour="#808080", line=1, indent=0)


def compose(template: DocumentTemplate, filled: Filled, *, folder: Path | None = None) -> Composition:
    """Lay out a template that includes nothing any more. Raises GlyphMissing, DoesNotFit, TooManyPages."""
    base = Style(folder=folder).varied(BODY).varied(template.text)
    sheets, seals = flow(template, filled, base)
    last = max((box.page for box in template.boxes), default=1)
    while len(sheets) < last:
        sheets.append(Sheet(template.paper.width, template.paper.height))
    for number, sheet in enumerate(sheets):
        if template.paper.fill:
            paper = Shape(tuple(rectangle(0, 0, sheet.width, sheet.height)), fill=colour(template.paper.fill))
            sheet.background.append(Item(None, [paper]))
        for box in template.boxes:
            if box.page in (0, number + 1):
                items, places = draw_box(box, filled, base, number)
                decoration = all(item.element is None for item in items)
                (sheet.background if decoration else sheet.body).extend(items)
                seals.extend(places)
        _margins(template, sheet, filled, base, number + 1, len(sheets))
        if template.watermark:
            sheet.watermark.extend(_watermark(template.watermark, sheet, filled, base))
    return Composition(template.title, template.language, sheets, seals)


def _margins(template: DocumentTemplate, sheet: Sheet, filled: Filled, base: Style, page: int, pages: int) -> None:
    for margin, below in ((template.header, False), (template.footer, True)):
        if margin is not None:
            sheet.body.append(Item(None, [*_margin(margin, below, template, sheet, filled, base, page, pages)]))


def _margin(
    margin: Margin,
    below: bool,
    template: DocumentTemplate,
    sheet: Sheet,
    filled: Filled,
    base: Style,
    page: int,
    pages: int,
) -> list[Mark]:
    style = replace(base, bold=False).varied(MARGIN).varied(margin)
    text = filled.text(margin.text, page=str(page), pages=str(pages))
    top = sheet.height - margin.distance - style.size if below else margin.distance
    room = sheet.width - template.paper.left - template.paper.right
    return [*set_line(text, style, template.paper.left, top + ASCENT * style.size, room)]


def _watermark(watermark: Watermark, sheet: Sheet, filled: Filled, base: Style) -> list[Mark]:
    """Return the text once in the middle of the page, or repeated over it."""
    style = replace(base.varied(WATERMARK).varied(watermark), alpha=round(255 * watermark.opacity))
    text = filled.text(watermark.text).replace("\n", " ")
    if not text:
        return []
    length = style.length(text)
    centres = [(sheet.width / 2, sheet.height / 2)]
    if watermark.gap:
        step_x, step_y = length + watermark.gap, watermark.gap + style.size
        columns, rows = math.ceil(sheet.width / step_x), math.ceil(sheet.height / step_y)
        centres = [
            ((c + 0.5) * sheet.width / columns, (r + 0.5) * sheet.height / rows)
            for r in range(rows)
            for c in range(columns)
        ]
    cosine, sine = math.cos(math.radians(watermark.angle)), math.sin(math.radians(watermark.angle))
    rise = style.size * (ASCENT - 0.5)
    marks: list[Mark] = []
    for x, y in centres:
        along = -length / 2
        for run in runs(text, style, 0, 0, [0.0] * len(text)):
            at = along + run.x
            place = (x + cosine * at + sine * rise, y - sine * at + cosine * rise)
            marks.append(replace(run, x=place[0], y=place[1], angle=watermark.angle))
    return marks
