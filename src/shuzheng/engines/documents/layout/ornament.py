"""Edges of boxes: lines, double lines, and waves woven into one another as on certificates (花边)."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, cast

from shuzheng.engines.documents.drawing import Mark, Shape
from shuzheng.engines.documents.layout.template import Border
from shuzheng.engines.documents.layout.typesetting import colour
from shuzheng.engines.documents.ofd.shapes import Box, Colour, Command, SharedPath, rectangle

#: Length of a wave and number of waves woven together.
WAVE, STRANDS = 9.0, 4
_BAND = 2.4


def edge(border: Border, box: Box) -> list[Mark]:
    """Return the edge of a box, within it; every document of a template has the same, which is drawn once."""
    return list(_edge(cast(Any, border), box))


@lru_cache(maxsize=256)
def _edge(border: Border, box: Box) -> list[Mark]:
    ink = colour(border.colour)
    x, y, width, height = box
    half = border.width / 2
    inner = (x + half, y + half, width - border.width, height - border.width)
    outline = Shape(tuple(rectangle(*inner, border.radius)), stroke=ink, width=border.width)
    if border.kind == "line":
        return [outline]
    if border.kind == "double":
        gap = max(3 * border.width, 1)
        second = (x + gap + half, y + gap + half, width - 2 * gap - border.width, height - 2 * gap - border.width)
        return [outline, Shape(tuple(rectangle(*second, border.radius)), stroke=ink, width=border.width / 2)]
    return _guilloche(border, box, ink)


def _guilloche(border: Border, box: Box, ink: Colour) -> list[Mark]:
    x, y, width, height = box
    band = 2 * _BAND
    middle = (x + _BAND, y + _BAND, width - band, height - band)
    marks: list[Mark] = [
        Shape(SharedPath(_weave(middle, strand)), stroke=ink, width=border.width / 2, alpha=200)
        for strand in range(STRANDS)
    ]
    for inset in (0.0, band):
        frame = rectangle(x + inset, y + inset, width - 2 * inset, height - 2 * inset)
        marks.append(Shape(tuple(frame), stroke=ink, width=border.width))
    return marks


def _weave(box: Box, strand: int) -> list[Command]:
    """Return one strand: a wave that goes round the box, its amplitude across the band."""
    x, y, width, height = box
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    commands: list[Command] = []
    for n, (x1, y1) in enumerate(corners):
        x2, y2 = corners[(n + 1) % 4]
        length = math.hypot(x2 - x1, y2 - y1)
        waves = max(round(length / WAVE), 1)
        direction = ((x2 - x1) / length, (y2 - y1) / length)
        commands += _wave((x1, y1), direction, length / waves, waves, math.pi * 2 * strand / STRANDS)
    return commands


def _wave(
    start: tuple[float, float], direction: tuple[float, float], length: float, waves: int, phase: float
) -> list[Command]:
    """Return a sine along a line as cubic curves, four to a wave, with the right slope at each end."""
    steps = 4 * waves
    along = [n * length / 4 for n in range(steps + 1)]
    angle = [phase + n * math.pi / 2 for n in range(steps + 1)]

    def at(s: float, offset: float) -> tuple[float, float]:
        return (
            start[0] + direction[0] * s - direction[1] * offset,
            start[1] + direction[1] * s + direction[0] * offset,
        )

    third = length / 12
    slope = 2 * math.pi / length
    commands: list[Command] = [("M", at(0, _BAND * math.sin(phase)))]
    for n in range(steps):
        first = _BAND * (math.sin(angle[n]) + third * slope * math.cos(angle[n]))
        second = _BAND * (math.sin(angle[n + 1]) - third * slope * math.cos(angle[n + 1]))
        end = _BAND * math.sin(angle[n + 1])
        commands.append(
            ("B", (*at(along[n] + third, first), *at(along[n + 1] - third, second), *at(along[n + 1], end)))
        )
    return commands
