"""Shadings (渐变, GB/T 33190 §8.3.4): colours that run along a line or between two circles; read within bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from lxml import etree

from shuzheng.engines.documents.ofd.parsing import child, children, figure, numbers
from shuzheng.engines.documents.ofd.shapes import Colour, number

#: Segments of one shading that are read.
MOST_STOPS = 64
_SPREAD = {"Repeat": "repeat", "Reflect": "reflect"}
Point = tuple[float, float]


@dataclass(frozen=True)
class Shading:
    """An axial or radial shading in the object's own coordinates."""

    kind: Literal["axial", "radial"]
    start: Point
    end: Point
    #: Radii of the two circles; zeros for an axial one.
    radii: Point
    #: Where each colour stands, 0 to 1, in order.
    stops: tuple[tuple[float, Colour], ...]
    spread: str = "pad"


def shading_of(
    node: etree._Element | None, colour: Callable[[etree._Element | None, Colour | None], Colour | None]
) -> Shading | None:
    """Return the shading of a colour element, or None where it has none that can be drawn."""
    for name, kind in (("AxialShd", "axial"), ("RadialShd", "radial")):
        found = child(node, name)
        if found is None:
            continue
        start, end = _point(found.get("StartPoint")), _point(found.get("EndPoint"))
        stops = _stops(found, colour)
        if start is None or end is None or not stops:
            return None
        radii = (
            (abs(figure(found, "StartRadius", 0)), abs(figure(found, "EndRadius", 0))) if kind == "radial" else (0, 0)
        )
        spread = _SPREAD.get(found.get("MapType") or "", "pad")
        return Shading("axial" if kind == "axial" else "radial", start, end, radii, stops, spread)
    return None


def gradient(shading: Shading, id: str) -> str:
    """Return the shading as a gradient of SVG."""
    stops = "".join(
        f'<stop offset="{number(at)}" stop-color="#{red:02x}{green:02x}{blue:02x}"/>'
        for at, (red, green, blue) in shading.stops
    )
    (x1, y1), (x2, y2) = (tuple(map(number, point)) for point in (shading.start, shading.end))
    head = f'id="{id}" gradientUnits="userSpaceOnUse" spreadMethod="{shading.spread}"'
    if shading.kind == "axial":
        return f'<linearGradient {head} x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}">{stops}</linearGradient>'
    inner, outer = map(number, shading.radii)
    circle = f'cx="{x2}" cy="{y2}" r="{outer}" fx="{x1}" fy="{y1}" fr="{inner}"'
    return f"<radialGradient {head} {circle}>{stops}</radialGradient>"


def _point(text: str | None) -> Point | None:
    found = numbers(text)
    return (found[0], found[1]) if len(found) >= 2 else None


def _stops(
    node: etree._Element, colour: Callable[[etree._Element | None, Colour | None], Colour | None]
) -> tuple[tuple[float, Colour], ...]:
    segments = list(islice(children(node, "Segment"), MOST_STOPS))
    found: list[tuple[float, Colour]] = []
    for n, segment in enumerate(segments):
        shown = colour(child(segment, "Color"), None)
        at = figure(segment, "Position", n / max(len(segments) - 1, 1))
        if shown is not None:
            found.append((max(0.0, min(at, 1.0)), shown))
    return tuple(sorted(found, key=lambda stop: stop[0]))
