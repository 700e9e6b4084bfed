"""Subsets of fonts in a PDF: glyphs by number, and what each glyph means for copying and reading aloud."""

from __future__ import annotations

from collections.abc import Iterable

from shuzheng.engines.documents.fonts.face import Face
from shuzheng.engines.documents.fonts.subset import Subset
from shuzheng.engines.documents.pdf.objects import Name, Objects, Ref

_MEANING = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{ranges}
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""
#: Entries of one section of a CMap.
_SECTION = 100


def add_font(objects: Objects, face: Face, subset: Subset, name: str) -> Ref:
    """Add a composite font whose codes are the glyph numbers of the subset (ISO 32000-1 §9.7)."""
    tagged = Name(f"SHUZHE+{name}")
    flags = 4 | (2 if face.serif else 0) | (1 << 18 if face.bold else 0)
    descriptor = objects.add(
        {
            "Type": Name("FontDescriptor"),
            "FontName": tagged,
            "Flags": flags,
            "FontBBox": [-200, face.descent - 100, 1200, face.ascent + 100],
            "ItalicAngle": 0,
            "Ascent": face.ascent,
            "Descent": face.descent,
            "CapHeight": 730,
            "StemV": 140 if face.bold else 80,
            "FontFile2": objects.stream(subset.data, {"Length1": len(subset.data)}),
        }
    )
    descendant = objects.add(
        {
            "Type": Name("Font"),
            "Subtype": Name("CIDFontType2"),
            "BaseFont": tagged,
            "CIDSystemInfo": b"<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>",
            "FontDescriptor": descriptor,
            "DW": 1000,
            "W": [1, [face.width(character) for character in subset.glyphs]],
            "CIDToGIDMap": Name("Identity"),
        }
    )
    meaning = objects.stream(_MEANING.format(ranges="\n".join(_ranges(subset))).encode("ascii"))
    return objects.add(
        {
            "Type": Name("Font"),
            "Subtype": Name("Type0"),
            "BaseFont": tagged,
            "Encoding": Name("Identity-H"),
            "DescendantFonts": [descendant],
            "ToUnicode": meaning,
        }
    )


def _ranges(subset: Subset) -> Iterable[str]:
    entries = [f"<{glyph:04X}> <{c.encode('utf-16-be').hex().upper()}>" for c, glyph in subset.glyphs.items()]
    for start in range(0, len(entries), _SECTION):
        part = entries[start : start + _SECTION]
        yield "\n".join([f"{len(part)} beginbfchar", *part, "endbfchar"])
