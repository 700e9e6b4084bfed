"""Reading what stands on a page from its XML, with what it inherits (GB/T 33190 §8.2, §8.5, §9–13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate, islice

from lxml import etree

from shuzheng.engines.documents.ofd.colours import hexadecimal, rgb
from shuzheng.engines.documents.ofd.graphics import (
    AnyGraphic,
    Graphic,
    Group,
    ImageObject,
    PathObject,
    Pattern,
    Pen,
    TextObject,
    TextRun,
)
from shuzheng.engines.documents.ofd.parsing import (
    box,
    child,
    children,
    commands,
    deltas,
    figure,
    flag,
    local,
    matrix,
    numbers,
)
from shuzheng.engines.documents.ofd.shading import shading_of
from shuzheng.engines.documents.ofd.shapes import BLACK, Box, Colour

_DEEPEST = 16
#: Objects of composite objects in a document; those that hold others of their kind could make any number.
MOST_COMPOSED = 50_000
MOST_CHARACTERS = 2_000_000
LONGEST_RUN = 20_000
#: Clips of an object, and areas of a clip, that are read.
MOST_CLIPS = 32
#: Millimetres of the smallest cell of a pattern.
FINEST = 0.1
_NOWHERE: Box = (0, 0, 0, 0)
_PLAIN = Pen()


class Reading:
    """Reads objects, given the resources of the document."""

    def __init__(
        self, pens: dict[str, etree._Element], spaces: dict[str, str], composites: dict[str, etree._Element]
    ) -> None:
        self._pens = pens
        self._spaces = spaces
        self._composites = composites
        #: How many may still be read.
        self.composed_left = MOST_COMPOSED
        self._inside = 0
        self.characters_left = MOST_CHARACTERS

    def objects(self, node: etree._Element | None, pen: Pen = _PLAIN, depth: int = 0) -> Iterator[AnyGraphic]:
        """Yield the objects in a layer, a block or an appearance, in the order they are painted."""
        if node is None or depth > _DEEPEST:
            return
        for part in children(node):
            match local(part):
                case "Layer" | "PageBlock" | "Content":
                    yield from self.objects(part, self._pen(part.get("DrawParam"), pen), depth + 1)
                case "TextObject" | "PathObject" | "ImageObject" | "CompositeObject" if flag(
                    part, "Visible", default=True
                ):
                    yield from self._object(part, pen, depth)

    def _object(self, node: etree._Element, pen: Pen, depth: int) -> Iterator[AnyGraphic]:
        if self._inside:
            if self.composed_left <= 0:
                return
            self.composed_left -= 1
        pen = self._pen(node.get("DrawParam"), pen)
        base = Graphic(box(node.get("Boundary")) or _NOWHERE, matrix(node.get("CTM")), _alpha(node))
        clips = self._clips(node, pen)
        match local(node):
            case "TextObject":
                yield replace(self._text(node, base, pen), clips=clips)
            case "PathObject":
                yield replace(self._path(node, base, pen), clips=clips)
            case "ImageObject":
                yield ImageObject(base.boundary, base.ctm, base.alpha, node.get("ResourceID", ""), clips=clips)
            case _:
                unit = self._composites.get(node.get("ResourceID", ""))
                self._inside += 1
                inner = tuple(self.objects(child(unit, "Content"), pen, depth + 1))
                self._inside -= 1
                yield Group(base.boundary, base.ctm, base.alpha, inner, clips=clips)

    def _clips(self, node: etree._Element, pen: Pen) -> tuple[tuple[PathObject, ...], ...]:
        """Return what an object is cut to; a clip by text is left out, for it would need every outline twice."""
        found = []
        for clip in islice(children(child(node, "Clips"), "Clip"), MOST_CLIPS):
            areas = list(islice(children(clip, "Area"), MOST_CLIPS))
            drawn = [(area, child(area, "Path")) for area in areas]
            if areas and all(path is not None for _area, path in drawn):
                found.append(tuple(self._area(area, path, pen) for area, path in drawn if path is not None))
        return tuple(found)

    def _area(self, area: etree._Element, path: etree._Element, pen: Pen) -> PathObject:
        within = box(path.get("Boundary")) or _NOWHERE
        base = Graphic(within, matrix(area.get("CTM") or path.get("CTM")), 255)
        return self._path(path, base, pen)

    def _text(self, node: etree._Element, base: Graphic, pen: Pen) -> TextObject:
        fill = self._colour(child(node, "FillColor"), pen.fill or BLACK)
        stroke = self._colour(child(node, "StrokeColor"), pen.stroke or BLACK)
        size = abs(figure(node, "Size", 3.5))
        return TextObject(
            base.boundary,
            base.ctm,
            base.alpha,
            font=node.get("Font", ""),
            size=size,
            runs=tuple(self._counted(_runs(node, size))),
            fill=fill if flag(node, "Fill", default=True) else None,
            stroke=stroke if flag(node, "Stroke", default=False) else None,
            width=figure(node, "LineWidth", pen.width),
            scale=figure(node, "HScale", 1) or 1,
            bold=figure(node, "Weight", 400) >= 600,
            italic=flag(node, "Italic", default=False),
            turned=int(figure(node, "CharDirection", 0)) % 360,
        )

    def _counted(self, runs: Iterator[TextRun]) -> Iterator[TextRun]:
        for run in runs:
            if len(run.text) <= self.characters_left:
                self.characters_left -= len(run.text)
                yield run

    def _path(self, node: etree._Element, base: Graphic, pen: Pen) -> PathObject:
        fill = self._colour(child(node, "FillColor"), pen.fill)
        stroke = self._colour(child(node, "StrokeColor"), pen.stroke or BLACK)
        data = child(node, "AbbreviatedData")
        pattern = self._pattern(child(node, "FillColor", "Pattern"))
        fill = fill or (BLACK if pattern is not None else None)
        return PathObject(
            base.boundary,
            base.ctm,
            base.alpha,
            commands=tuple(commands(data.text if data is not None else "")),
            fill=fill if flag(node, "Fill", default=False) else None,
            stroke=stroke if flag(node, "Stroke", default=True) else None,
            width=abs(figure(node, "LineWidth", pen.width)),
            dash=tuple(numbers(node.get("DashPattern"))) or pen.dash,
            even_odd=(node.get("Rule") or "").lower() == "even-odd",
            shading=shading_of(child(node, "FillColor"), self._colour),
            pattern=pattern,
        )

    def _pattern(self, node: etree._Element | None) -> Pattern | None:
        """Return a pattern; None where there is none, or one too fine or too deep in others to be drawn."""
        if node is None or self._inside > _DEEPEST:
            return None
        width, height = figure(node, "Width", 0), figure(node, "Height", 0)
        step = (abs(figure(node, "XStep", width)), abs(figure(node, "YStep", height)))
        if min(width, height, *step) < FINEST:
            return None
        self._inside += 1
        inner = tuple(self.objects(child(node, "CellContent")))
        self._inside -= 1
        of_page = (node.get("RelativeTo") or "").lower() == "page"
        return Pattern((width, height), step, matrix(node.get("CTM")), of_page, inner)

    def _pen(self, reference: str | None, pen: Pen, depth: int = 0) -> Pen:
        """Return the pen that a reference means; a chain of them is followed so far and no further."""
        node = self._pens.get(reference or "")
        if node is None or depth > _DEEPEST:
            return pen
        pen = self._pen(node.get("Relative"), pen, depth + 1)
        return replace(
            pen,
            width=figure(node, "LineWidth", pen.width),
            stroke=self._colour(child(node, "StrokeColor"), pen.stroke),
            fill=self._colour(child(node, "FillColor"), pen.fill),
            dash=tuple(numbers(node.get("DashPattern"))) or pen.dash,
        )

    def _colour(self, node: etree._Element | None, default: Colour | None) -> Colour | None:
        """Return a colour as red, green and blue; of a shading the first segment's."""
        if node is None:
            return default
        shading = next((part for part in node.iter() if part is not node and local(part) == "Color"), None)
        written = (shading if shading is not None and node.get("Value") is None else node).get("Value") or ""
        parts = hexadecimal(written) if "#" in written else numbers(written)
        return rgb(parts, self._spaces.get(node.get("ColorSpace") or "", "")) or default


def _alpha(node: etree._Element) -> int:
    return max(0, min(round(figure(node, "Alpha", 255)), 255))


def _steps(code: etree._Element, text: str, size: float) -> tuple[list[float], list[float]]:
    """Return the distance from each character to the next; the last one told holds for the rest.

    Where nothing is told, characters stand side by side, though the standard would have them all in one place.
    """
    steps = [deltas(code.get(name), len(text)) for name in ("DeltaX", "DeltaY")]
    if not any(steps):
        return [size if ord(c) > 0xFF else size / 2 for c in text], [0.0] * len(text)
    along, down = (step + step[-1:] * (len(text) - len(step)) if step else [0.0] * len(text) for step in steps)
    return along, down


def _runs(node: etree._Element, size: float) -> Iterator[TextRun]:
    """Yield the runs of a text object; X and Y are inherited from the run before where they are missing."""
    transforms = list(children(node, "CGTransform"))
    x = y = 0.0
    begun = 0
    for code in children(node, "TextCode"):
        text = (code.text or "").strip("\r\n")[:LONGEST_RUN]
        x, y = figure(code, "X", x), figure(code, "Y", y)
        along, down = _steps(code, text, size)
        places = list(zip(accumulate(along, initial=x), accumulate(down, initial=y), strict=True))[: len(text)]
        yield TextRun(text, tuple(places), _glyphs(transforms, begun, len(text)))
        begun += len(text)


def _glyphs(transforms: list[etree._Element], begun: int, length: int) -> dict[int, int]:
    """Return the glyph numbers of characters that a CGTransform maps one to one."""
    found: dict[int, int] = {}
    for transform in transforms:
        start = int(figure(transform, "CodePosition", 0)) - begun
        written = child(transform, "Glyphs")
        glyphs = numbers(written.text if written is not None else "")
        if int(figure(transform, "CodeCount", 1)) != int(figure(transform, "GlyphCount", 1)):
            continue
        found.update({start + n: int(glyph) for n, glyph in enumerate(glyphs[:length]) if 0 <= start + n < length})
    return found
