"""What can be wrong with fonts."""

from __future__ import annotations


class FontMissing(LookupError):
    """A family is not to be found; ``reason`` says where was looked and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class GlyphMissing(ValueError):
    """No family has a glyph for these characters."""

    def __init__(self, characters: str) -> None:
        shown = "、".join(f"“{c}”(U+{ord(c):04X})" for c in characters)
        self.characters = characters
        self.reason = f"字体中没有这些字：{shown}。请在字体目录中放入收录它们的字体。"
        super().__init__(self.reason)
