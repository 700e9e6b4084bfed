"""Small pieces of SVG: paths, letters, colours."""

from __future__ import annotations

from xml.sax.saxutils import escape

from shuzheng.engines.documents.ofd.graphics import PathObject
from shuzheng.engines.documents.ofd.shapes import Colour, number

_LETTERS = {"B": "C", "C": "Z"}


def plain(character: str, x: float, y: float, size: float) -> str:
    """Return a character that nobody has an outline for, left to the browser."""
    return f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}">{escape(character)}</text>'


def path_element(graphic: PathObject, place: str) -> str:
    """Return a path."""
    data = " ".join(_LETTERS.get(letter, letter) + " ".join(map(number, values)) for letter, values in graphic.commands)
    dash = f' stroke-dasharray="{" ".join(map(number, graphic.dash))}"' if graphic.dash and graphic.stroke else ""
    rule = ' fill-rule="evenodd"' if graphic.even_odd else ""
    return f'<path {place} d="{data}" {paint(graphic.fill, graphic.stroke, graphic.width)}{dash}{rule}/>'


def paint(fill: Colour | None, stroke: Colour | None, width: float) -> str:
    """Return the attributes of fill and stroke."""
    shown = f'fill="{_hex(fill)}"' if fill is not None else 'fill="none"'
    return f'{shown} stroke="{_hex(stroke)}" stroke-width="{number(width)}"' if stroke is not None else shown


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def opacity(alpha: int) -> str:
    """Return the attribute of an object that is not opaque."""
    return f' opacity="{number(alpha / 255)}"' if alpha < 255 else ""


def narrowed(width: float, room: float) -> float:
    """Return by what a glyph that stands in for a narrower one is narrowed, so that letters do not run together."""
    return room / width if 0 < room < width else 1
