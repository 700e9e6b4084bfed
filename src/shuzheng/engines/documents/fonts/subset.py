"""Subsets: a TrueType font with only the characters that a document uses, the same bytes for the same characters."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph

from shuzheng.engines.documents.fonts.face import EM, Face

#: 2020-01-01 in seconds since 1904, so that nothing depends on the clock.
_EPOCH = 3_660_681_600


@dataclass(frozen=True)
class Subset:
    """A font file and where each character lies in it; glyph 0 is the missing one."""

    data: bytes
    glyphs: dict[str, int]


def subset(face: Face, characters: Iterable[str], name: str) -> Subset:
    """Return a font with these characters. Raises KeyError for one that the face has not."""
    used = sorted(set(characters))
    order = [".notdef", *(f"u{ord(c):04X}" for c in used)]
    outlines = [face.glyph(c) for c in used]
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({ord(c): glyph for c, glyph in zip(used, order[1:], strict=True)})
    packed = [Glyph(), *(_packed(face.packed(c)) for c in used)]
    builder.setupGlyf(dict(zip(order, packed, strict=True)), calcGlyphBounds=False)
    widths = [EM, *(face.width(c) for c in used)]
    edges = [0, *(getattr(outline, "xMin", 0) for outline in outlines)]
    builder.setupHorizontalMetrics({n: (w, x) for n, w, x in zip(order, widths, edges, strict=True)})
    builder.setupHorizontalHeader(ascent=face.ascent, descent=face.descent, advanceWidthMax=max(widths))
    _name(builder, face, name)
    _measure(builder, face, outlines)
    builder.setupPost(keepGlyphNames=False)
    out = io.BytesIO()
    builder.font.save(out, reorderTables=None)
    return Subset(out.getvalue(), {c: n for n, c in enumerate(used, start=1)})


def _packed(data: bytes) -> Glyph:
    """Return a glyph that is written as it is; fontTools asks only whether it is empty."""
    glyph = Glyph(data)
    glyph.numberOfContours = 0
    return glyph


def _name(builder: FontBuilder, face: Face, name: str) -> None:
    style = "Bold" if face.bold else "Regular"
    builder.setupNameTable(
        {"familyName": name, "styleName": style, "psName": name, "fullName": name, "uniqueFontIdentifier": name},
        mac=False,
    )
    weight = {"usWeightClass": 700, "fsSelection": 0x20} if face.bold else {"usWeightClass": 400, "fsSelection": 0x40}
    heights = {"sTypoAscender": face.ascent, "sTypoDescender": face.descent}
    builder.setupOS2(usWinAscent=face.ascent, usWinDescent=-face.descent, **heights, **weight)


def _measure(builder: FontBuilder, face: Face, outlines: list[Glyph]) -> None:
    """Give the largest box and the largest numbers of points, which fontTools would find by unpacking every glyph."""
    font = builder.font
    font.recalcBBoxes = font.recalcTimestamp = False
    drawn = [outline for outline in outlines if outline.numberOfContours]
    box = {
        "xMin": min((glyph.xMin for glyph in drawn), default=0),
        "yMin": min((glyph.yMin for glyph in drawn), default=0),
        "xMax": max((glyph.xMax for glyph in drawn), default=0),
        "yMax": max((glyph.yMax for glyph in drawn), default=0),
    }
    builder.updateHead(created=_EPOCH, modified=_EPOCH, macStyle=int(face.bold), **box)
    font["maxp"].maxPoints = max((len(glyph.coordinates) for glyph in drawn), default=0)
    font["maxp"].maxContours = max((glyph.numberOfContours for glyph in drawn), default=0)
