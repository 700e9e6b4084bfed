"""The image of an official seal (公章印模): circle, star, name on the arc, purpose, code; drawn, not pasted.

Sizes follow 国发〔1999〕25号 and GA 241.1: 42 mm for bureaux of counties and cities, border 1.2 mm, star 14 mm, Song type
running from left to right along the circle.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fontTools.pens.recordingPen import RecordingPen

from shuzheng.engines.documents.fonts.errors import FontMissing
from shuzheng.engines.documents.fonts.face import EM, Face
from shuzheng.engines.documents.fonts.families import split
from shuzheng.engines.documents.ofd.shapes import Command, ellipse, number

RED = (214, 0, 0)
#: Millimetres.
DIAMETER = 42
BORDER = 1.2
STAR = 14.0
#: Share of the full circle that the name may take.
ARC = 0.70
#: An affine map, as in PDF: x' = a·x + c·y + e, y' = b·x + d·y + f.
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class SealImage:
    """A seal's image as one filled path (non-zero winding), millimetres from the upper left corner."""

    path: tuple[Command, ...]
    #: Width and height.
    size: float

    def svg(self) -> str:
        """Return a drawing for browsers."""
        data = " ".join(" ".join((_SVG[letter], *map(number, values))) for letter, values in self.path)
        size, colour = number(self.size), f"rgb{RED}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}mm" height="{size}mm" '
            f'viewBox="0 0 {size} {size}"><path fill="{colour}" d="{data}"/></svg>'
        )


_SVG = {"M": "M", "L": "L", "B": "C", "C": "Z"}


def official_seal(
    name: str, *, purpose: str = "", code: str = "", mark: str = "", diameter: float = DIAMETER
) -> SealImage:
    """Draw a round seal: the unit's name on the arc, the purpose of a 专用章 below the star, the code at the bottom.

    ``mark`` (演示) stands below the star in plain sight. Raises FontMissing, GlyphMissing.
    """
    centre = diameter / 2
    scale = diameter / DIAMETER
    path = [*_ring(diameter, BORDER * scale), *_star(centre, STAR / 2 * scale)]
    path += _on_arc(name, centre, radius=diameter * 0.345, height=_height(name, diameter), share=ARC)
    lines = [text for text in (purpose, mark) if text]
    for row, text in enumerate(lines):
        size = diameter * (0.088 if text == purpose else 0.075)
        path += _straight(text, centre, centre + diameter * (0.27 + 0.085 * row), size, diameter * 0.55)
    if code:
        path += _on_arc(code, centre, radius=diameter * 0.435, height=diameter * 0.035, share=0.2, below=True)
    return SealImage(tuple(path), diameter)


def _height(name: str, diameter: float) -> float:
    """Return the height of the name's characters: long names are set smaller."""
    return diameter * (0.125 if len(name) <= 14 else 0.11 if len(name) <= 20 else 0.09)


def _ring(diameter: float, border: float) -> list[Command]:
    outer = ellipse(0, 0, diameter, diameter)
    inner = ellipse(border, border, diameter - 2 * border, diameter - 2 * border)
    mirror = (-1.0, 0.0, 0.0, 1.0, diameter, 0.0)
    return [*outer, *(_mapped(command, mirror) for command in inner)]


def _star(centre: float, radius: float) -> list[Command]:
    """Return a five-pointed star whose inner corners lie where its edges cross."""
    inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(54))
    points = [_at(centre, radius if n % 2 == 0 else inner, -90 + 36 * n) for n in range(10)]
    return [("M", points[0]), *(("L", point) for point in points[1:]), ("C", ())]


def _at(centre: float, radius: float, degrees: float) -> tuple[float, float]:
    turn = math.radians(degrees)
    return centre + radius * math.cos(turn), centre + radius * math.sin(turn)


def _on_arc(
    text: str, centre: float, *, radius: float, height: float, share: float, below: bool = False
) -> Iterator[Command]:
    """Set text around the circle, its middle at the top (or upright at the bottom), baseline on ``radius``."""
    count = len(text)
    step = min(360 * share / max(count, 1), math.degrees(height * 1.25 / radius))
    room = math.radians(step) * radius * 0.92
    for index, character in enumerate(text):
        offset = (index - (count - 1) / 2) * step
        degrees = 90 - offset if below else -90 + offset
        foot = _at(centre, radius, degrees)
        yield from _glyph(character, foot, height, room, degrees + (-90 if below else 90))


def _straight(text: str, centre: float, baseline: float, height: float, width: float) -> Iterator[Command]:
    step = min(width / max(len(text), 1), height * 1.05)
    for index, character in enumerate(text):
        yield from _glyph(character, (centre + (index - (len(text) - 1) / 2) * step, baseline), height, step, 0)


def _glyph(character: str, foot: tuple[float, float], height: float, room: float, degrees: float) -> Iterator[Command]:
    """Draw one character, its foot's middle at a point, narrowed to its room and turned clockwise."""
    if character == " ":
        return
    ((face, _text),) = split(character, "song", bold=True)
    size = height / EM
    narrow = min(1.0, room / (face.width(character) * size))
    turn = math.radians(degrees)
    cosine, sine = math.cos(turn), math.sin(turn)
    middle = face.width(character) / 2
    sx, sy = size * narrow, -size
    matrix = (
        cosine * sx,
        sine * sx,
        -sine * sy,
        cosine * sy,
        foot[0] - cosine * sx * middle,
        foot[1] - sine * sx * middle,
    )
    for command in outline(face, character):
        yield _mapped(command, matrix)


def outline(face: Face, character: str) -> list[Command]:
    """Return a character's outline in thousandths of an em, y upwards, in cubic curves. Raises FontMissing."""
    pen = RecordingPen()
    glyph: Any = face.glyph(character)
    if glyph.isComposite():
        raise FontMissing("字形由部件组成，不能单独绘制。")
    glyph.draw(pen, None)
    path: list[Command] = []
    here = (0.0, 0.0)
    for verb, points in pen.value:
        if verb == "moveTo":
            here = points[0]
            path.append(("M", here))
        elif verb == "lineTo":
            here = points[0]
            path.append(("L", here))
        elif verb == "qCurveTo":
            path.extend(("B", cubic) for cubic in _cubics(here, points))
            here = points[-1] or here
        else:
            path.append(("C", ()))
    return path


def _cubics(start: tuple[float, float], points: Any) -> Iterator[tuple[float, ...]]:
    """Turn a TrueType curve with implied points into cubic ones."""
    *controls, end = points
    for index, control in enumerate(controls):
        last = index == len(controls) - 1
        following = end if last else _between(control, controls[index + 1], 0.5)
        yield (*_between(start, control, 2 / 3), *_between(following, control, 2 / 3), *following)
        start = following


def _between(one: tuple[float, float], other: tuple[float, float], share: float) -> tuple[float, float]:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def _mapped(command: Command, matrix: Matrix) -> Command:
    letter, values = command
    a, b, c, d, e, f = matrix
    points = zip(values[::2], values[1::2], strict=True)
    return letter, tuple(value for x, y in points for value in (a * x + c * y + e, b * x + d * y + f))
