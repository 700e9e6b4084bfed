"""The content of a page: marks as operators of PDF, in millimetres with y growing downwards, as the layout has them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from shuzheng.engines.documents.drawing import OPAQUE, Mark, Picture, Shape, Words
from shuzheng.engines.documents.fonts.face import EM
from shuzheng.engines.documents.ofd.shapes import Colour, number

_LETTERS = {"M": "m", "L": "l", "B": "c", "C": "h"}
MILLIMETRE = 72 / 25.4


class Names:
    """Names of the resources that a page uses, and how each is asked for."""

    def __init__(self, glyph: Callable[[Words], list[int]]) -> None:
        self.glyph = glyph
        self.fonts: dict[object, str] = {}
        self.images: dict[bytes, str] = {}
        self.alphas: dict[int, str] = {}

    def of(self, kind: dict[object, str] | dict[bytes, str] | dict[int, str], key: object, letter: str) -> str:
        """Return the name of a resource."""
        named: dict[object, str] = kind  # pyright: ignore[reportAssignmentType]  # keys of one kind each
        return named.setdefault(key, f"{letter}{len(named)}")


def begin(height: float) -> str:
    """Return what turns the page's coordinates into millimetres from its upper left corner."""
    scale = number(MILLIMETRE)
    return f"{scale} 0 0 -{scale} 0 {number(height * MILLIMETRE)} cm"


def operators(marks: Iterable[Mark], names: Names) -> list[str]:
    """Return the operators that draw marks."""
    out: list[str] = []
    for mark in marks:
        out.append("q")
        if mark.alpha != OPAQUE:
            out.append(f"/{names.of(names.alphas, mark.alpha, 'A')} gs")
        match mark:
            case Words():
                out += _words(mark, names)
            case Shape():
                out += _shape(mark)
            case Picture():
                name = names.of(names.images, mark.data, "I")
                matrix = (mark.width, 0, 0, -mark.height, mark.x, mark.y + mark.height)
                out.append(f"{_numbers(matrix)} cm /{name} Do")
        out.append("Q")
    return out


def _words(mark: Words, names: Names) -> list[str]:
    cosine, sine = math.cos(math.radians(mark.angle)), math.sin(math.radians(mark.angle))
    matrix = _numbers((cosine, -sine, -sine, -cosine, mark.x, mark.y))
    glyphs = names.glyph(mark)
    parts: list[str] = []
    for character, glyph, advance in zip(mark.text, glyphs, mark.advances, strict=True):
        parts.append(f"<{glyph:04X}>")
        correction = mark.face.width(character) - advance / mark.size * EM
        if abs(correction) >= 0.05:
            parts.append(number(correction))
    shown = "".join(parts).replace("><", "")
    font = names.of(names.fonts, mark.face, "F")
    return [_colour(mark.colour, "rg"), f"BT /{font} {number(mark.size)} Tf {matrix} Tm [{shown}] TJ ET"]


def _shape(mark: Shape) -> list[str]:
    out: list[str] = []
    if mark.fill is not None:
        out.append(_colour(mark.fill, "rg"))
    if mark.stroke is not None:
        out.append(f"{_colour(mark.stroke, 'RG')} {number(mark.width)} w")
        if mark.dash:
            out.append(f"[{_numbers(mark.dash)}] 0 d")
    out += [" ".join((*map(number, values), _LETTERS[letter])) for letter, values in mark.commands]
    out.append(
        {(True, True): "B", (True, False): "f", (False, True): "S"}.get(
            (mark.fill is not None, mark.stroke is not None), "n"
        )
    )
    return out


def _colour(colour: Colour, operator: str) -> str:
    return f"{_numbers(part / 255 for part in colour)} {operator}"


def _numbers(values: Iterable[float]) -> str:
    return " ".join(map(number, values))
