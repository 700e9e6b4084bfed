"""Subsets: a TrueType font with only the characters that a document uses, the same bytes for the same characters."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

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
    outlines = {".notdef": TTGlyphPen(None).glyph(), **{f"u{ord(c):04X}": face.glyph(c) for c in used}}
    widths = {".notdef": EM, **{f"u{ord(c):04X}": face.width(c) for c in used}}
    builder = FontBuilder(EM, isTTF=True)
    builder.font.recalcTimestamp = False
    builder.updateHead(created=_EPOCH, modified=_EPOCH, macStyle=int(face.bold))
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({ord(c): f"u{ord(c):04X}" for c in used})
    builder.setupGlyf(outlines, calcGlyphBounds=False)
    builder.setupHorizontalMetrics({n: (widths[n], getattr(outlines[n], "xMin", 0) or 0) for n in order})
    builder.setupHorizontalHeader(ascent=face.ascent, descent=face.descent)
    style = "Bold" if face.bold else "Regular"
    builder.setupNameTable(
        {"familyName": name, "styleName": style, "psName": name, "fullName": name, "uniqueFontIdentifier": name}
    )
    weight = {"usWeightClass": 700, "fsSelection": 0x20} if face.bold else {"usWeightClass": 400, "fsSelection": 0x40}
    builder.setupOS2(
        sTypoAscender=face.ascent,
        sTypoDescender=face.descent,
        usWinAscent=face.ascent,
        usWinDescent=-face.descent,
        **weight,
    )
    builder.setupPost(keepGlyphNames=False)
    out = io.BytesIO()
    builder.font.save(out, reorderTables=None)
    return Subset(out.getvalue(), {c: n for n, c in enumerate(used, start=1)})
