"""What is drawn on a page, a layer or the appearance of an annotation, as the XML of OFD (GB/T 33190 §8.5, §9–11)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

from lxml import etree

from shuzheng.engines.documents.fonts.errors import GlyphMissing
from shuzheng.engines.documents.fonts.face import EM, Face
from shuzheng.engines.documents.ofd.errors import OfdUnwritable
from shuzheng.engines.documents.ofd.shapes import BLACK, Box, Colour, Command, number, written

NAMESPACE = "http://www.ofdspec.org/2016"
#: The program that files say they were made by.
CREATOR = "Shuzheng"
OPAQUE = 255


def element(parent: etree._Element | None, tag: str, text: str | None = None, **attributes: Any) -> etree._Element:
    """Add an element of OFD; attributes that are None are left out, numbers and boxes are written as the standard does."""
    given = {name: _written(value) for name, value in attributes.items() if value is not None}
    name = f"{{{NAMESPACE}}}{tag}"
    made = (
        etree.Element(name, given, nsmap={"ofd": NAMESPACE})
        if parent is None
        else etree.SubElement(parent, name, given)
    )
    try:
        made.text = text
    except ValueError as problem:
        raise OfdUnwritable(f"文字中有不能写入文件的控制字符：{text!r}。") from problem
    return made


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return number(value)
    return " ".join(map(number, value)) if isinstance(value, tuple | list) else str(value)


class Resources(Protocol):
    """What a canvas needs of the document that it is part of."""

    def next_id(self) -> int:
        """Return an identifier that nothing else in the document has."""
        ...

    def font(self, face: Face, text: str) -> int:
        """Return the identifier of a font and note which characters it must have."""
        ...

    def image(self, data: bytes) -> int:
        """Return the identifier of an image. Raises OfdUnwritable."""
        ...


class Canvas:
    """A place to draw: millimetres from the upper left corner, later things above earlier ones."""

    def __init__(self, resources: Resources, parent: etree._Element) -> None:
        self._resources = resources
        self._parent = parent

    def text(
        self,
        x: float,
        y: float,
        text: str,
        face: Face,
        size: float,
        *,
        advances: Sequence[float] | None = None,
        colour: Colour = BLACK,
        alpha: int = OPAQUE,
        angle: float = 0,
    ) -> None:
        """Write one line of text beginning at (x, y) on its baseline; ``size`` and ``advances`` are millimetres.

        ``angle`` turns it counter-clockwise, in degrees, about its beginning. Raises GlyphMissing.
        """
        unknown = "".join(dict.fromkeys(c for c in text if c not in face))
        if unknown:
            raise GlyphMissing(unknown)
        if not text:
            return
        steps = list(advances) if advances is not None else [face.width(c) * size / EM for c in text]
        ascent, descent = face.ascent * size / EM, -face.descent * size / EM
        width = sum(steps[: len(text) - 1]) + face.width(text[-1]) * size / EM
        if angle:
            boundary, ctm = _turned(x, y, (0, -ascent, width, ascent + descent), angle)
            baseline = 0.0
        else:
            boundary, ctm, baseline = (x, y - ascent, width, ascent + descent), None, ascent
        made = self._object("TextObject", boundary, ctm, alpha, Font=self._resources.font(face, text), Size=size)
        element(made, "FillColor", Value=colour)
        deltas = steps[: len(text) - 1]
        element(made, "TextCode", text, X=0, Y=baseline, DeltaX=deltas or None)

    def path(
        self,
        commands: Sequence[Command],
        *,
        stroke: Colour | None = None,
        fill: Colour | None = None,
        width: float = 0.25,
        dash: Sequence[float] = (),
        alpha: int = OPAQUE,
    ) -> None:
        """Draw a path, filled, stroked or both; ``width`` and ``dash`` are millimetres."""
        boundary, data = written(commands, width if stroke is not None else 0)
        made = self._object(
            "PathObject",
            boundary,
            None,
            alpha,
            LineWidth=width if stroke is not None else None,
            DashPattern=tuple(dash) or None,
            Stroke=stroke is not None,
            Fill=fill is not None,
        )
        if stroke is not None:
            element(made, "StrokeColor", Value=stroke)
        if fill is not None:
            element(made, "FillColor", Value=fill)
        element(made, "AbbreviatedData", data)

    def image(self, data: bytes, x: float, y: float, width: float, height: float, *, alpha: int = OPAQUE) -> None:
        """Place a PNG, JPEG, GIF or BMP into a box. Raises OfdUnwritable for anything else."""
        resource = self._resources.image(data)
        ctm = (width, 0, 0, height, 0, 0)
        self._object("ImageObject", (x, y, width, height), ctm, alpha, ResourceID=resource)

    def _object(
        self, tag: str, boundary: Box, ctm: tuple[float, ...] | None, alpha: int, **attributes: Any
    ) -> etree._Element:
        shown = None if alpha == OPAQUE else alpha
        identifier = self._resources.next_id()
        return element(self._parent, tag, ID=identifier, Boundary=boundary, CTM=ctm, Alpha=shown, **attributes)


def _turned(x: float, y: float, box: Box, angle: float) -> tuple[Box, tuple[float, ...]]:
    """Return the boundary around a turned box and the matrix that turns within it; y grows downwards."""
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    left, top, width, height = box
    corners = [(left, top), (left + width, top), (left, top + height), (left + width, top + height)]
    xs = [cosine * cx + sine * cy for cx, cy in corners]
    ys = [-sine * cx + cosine * cy for cx, cy in corners]
    boundary = (x + min(xs), y + min(ys), max(xs) - min(xs), max(ys) - min(ys))
    return boundary, (cosine, -sine, sine, cosine, -min(xs), -min(ys))
