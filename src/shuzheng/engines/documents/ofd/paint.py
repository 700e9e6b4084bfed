"""Small pieces of SVG: paths, letters, colours."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from shuzheng.engines.documents.ofd.graphics import PathObject, Pattern
from shuzheng.engines.documents.ofd.shapes import Box, Colour, number

_LETTERS = {"B": "C", "C": "Z"}
#: Room, in sizes, up to which a character is one of half width and not one set apart.
_HALF = 0.7


def plain(character: str, x: float, y: float, size: float) -> str:
    """Return a character that nobody has an outline for, left to the browser."""
    return f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}">{escape(character)}</text>'


def path_element(graphic: PathObject, place: str, shading: str = "") -> str:
    """Return a path; ``shading`` names the gradient or pattern that fills it."""
    data = path_data(graphic)
    dash = f' stroke-dasharray="{" ".join(map(number, graphic.dash))}"' if graphic.dash and graphic.stroke else ""
    rule = ' fill-rule="evenodd"' if graphic.even_odd else ""
    painted = paint(graphic.fill, graphic.stroke, graphic.width)
    if shading and graphic.fill is not None:
        painted = painted.replace(f'fill="{_hex(graphic.fill)}"', f'fill="url(#{shading})"', 1)
    return f'<path {place} d="{data}" {painted}{dash}{rule}/>'


def path_data(graphic: PathObject) -> str:
    """Return the commands of a path as SVG writes them."""
    return " ".join(_LETTERS.get(letter, letter) + " ".join(map(number, values)) for letter, values in graphic.commands)


def clip_path(paths: Iterable[PathObject], id: str) -> str:
    """Return one clip: whatever lies in any of its paths is shown."""
    inside = []
    for one in paths:
        a, b, c, d, e, f = one.ctm
        moved = " ".join(map(number, (a, b, c, d, e + one.boundary[0], f + one.boundary[1])))
        rule = ' clip-rule="evenodd"' if one.even_odd else ""
        inside.append(f'<path transform="matrix({moved})" d="{path_data(one)}"{rule}/>')
    return f'<clipPath id="{id}">{"".join(inside)}</clipPath>'


def tiles(pattern: Pattern, boundary: Box, cell: str, id: str) -> str:
    """Return a pattern, given what draws its cell; one that begins at the page's corner is moved back from the object's."""
    a, b, c, d, e, f = pattern.ctm
    x, y = boundary[:2] if pattern.of_page else (0, 0)
    moved = " ".join(map(number, (a, b, c, d, e - x, f - y)))
    width, height = map(number, pattern.cell)
    along, down = map(number, pattern.step)
    head = f'id="{id}" patternUnits="userSpaceOnUse" width="{along}" height="{down}" patternTransform="matrix({moved})"'
    return f'<pattern {head}><svg width="{width}" height="{height}">{cell}</svg></pattern>'


def unshown(place: str, size: str, label: str) -> str:
    """Return the frame that stands where something cannot be shown, and says so to whoever points at it."""
    return (
        f'<g {place}><title>{escape(label)}</title><rect {size} fill="#f2f2f2" stroke="#999" stroke-width="0.2"'
        ' vector-effect="non-scaling-stroke"/></g>'
    )


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


def centred(width: float, room: float, size: float) -> float:
    """Return how far a glyph that stands in for one of a fixed half width, as digits of 宋体 are, stands from its left."""
    return (room - width) / 2 if 0 < width < room <= _HALF * size else 0
