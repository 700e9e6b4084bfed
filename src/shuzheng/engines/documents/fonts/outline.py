"""Outlines of glyphs: any font's, as quadratic curves (TrueType), and made bolder where a family has one weight only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

from fontTools.misc.fixedTools import otRound
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphCoordinates

#: Largest distance in thousandths of an em between a cubic curve and its quadratic likeness: invisible on paper.
LIKENESS = 1.0
Point = tuple[float, float]


class Drawable(Protocol):
    """What fontTools' glyph sets hold."""

    def draw(self, pen: Any) -> None:
        """Draw the outline with a pen of fontTools."""


def quadratic(glyph: Drawable, glyphs: Any, *, cubic: bool, scale: float, weight: float = 0) -> Glyph:
    """Return a glyph's outline in TrueType's form, in thousandths of an em; ``weight`` is what its strokes gain."""
    flat = DecomposingRecordingPen(glyphs)
    glyph.draw(flat)
    pen = TTGlyphPen(None)
    flat.replay(Cu2QuPen(pen, LIKENESS / scale, reverse_direction=True) if cubic else pen)
    made = pen.glyph(dropImpliedOnCurves=False)
    if scale != 1 and made.numberOfContours:
        made.coordinates.scale((scale, scale))
    if weight and made.numberOfContours:
        _embolden(made, weight)
    if made.numberOfContours:
        made.coordinates.toInt(round=otRound)
    made.recalcBounds(None)  # pyright: ignore[reportArgumentType]  # no parts to look up
    return made


def _embolden(glyph: Glyph, weight: float) -> None:
    """Move every point outwards by half the weight along the bisector of its two neighbours, as FreeType does."""
    points: Any = glyph.coordinates
    moved: list[Point] = []
    start = 0
    for end in glyph.endPtsOfContours:
        moved.extend(_grow(points[start : end + 1], weight / 2))
        start = end + 1
    glyph.coordinates = GlyphCoordinates(moved)


def _grow(contour: Sequence[Point], by: float) -> list[Point]:
    """Return a contour grown; filled to its right, as TrueType prescribes, so that holes shrink."""
    distinct = [p for n, p in enumerate(contour) if p != contour[n - 1]]
    shifts = {p: _shift(distinct[n - 1], p, distinct[(n + 1) % len(distinct)], by) for n, p in enumerate(distinct)}
    return [(x + shifts.get((x, y), (0, 0))[0], y + shifts.get((x, y), (0, 0))[1]) for x, y in contour]


def _shift(before: Point, here: Point, after: Point, by: float) -> Point:
    """Return how far a corner moves: by the same distance from both its edges, but never far at a sharp corner."""
    (ax, ay), (bx, by_) = _unit(before, here), _unit(here, after)
    cosine = ax * bx + ay * by_
    if cosine < -0.94:
        return (-by * (ay + by_), by * (ax + bx))
    reach = by / max(1 + cosine, 0.4)
    return (-reach * (ay + by_), reach * (ax + bx))


def _unit(start: Point, end: Point) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy) or 1
    return (dx / length, dy / length)
