"""Colours as files write them (GB/T 33190 §8.3)."""

from __future__ import annotations

import re

from shuzheng.engines.documents.ofd.shapes import Colour


def hexadecimal(written: str) -> list[float]:
    """Return the parts of ``#FF #00 #80``, as the standard allows as well."""
    words = (word.lstrip("#")[:2] for word in written.split())
    return [float(int(word, 16)) for word in words if re.fullmatch("[0-9a-fA-F]+", word)]


def rgb(parts: list[float], space: str) -> Colour | None:
    """Return red, green and blue of a colour in a space; None for one that cannot be understood."""
    clean = [max(0.0, min(part, 255.0)) for part in parts]
    if len(clean) >= 4 and (space == "CMYK" or not space):
        black = 1 - clean[3] / 255
        return (round((255 - clean[0]) * black), round((255 - clean[1]) * black), round((255 - clean[2]) * black))
    if len(clean) >= 3:
        return (round(clean[0]), round(clean[1]), round(clean[2]))
    grey = round(clean[0]) if clean else 0
    return (grey, grey, grey) if len(clean) == 1 else None
