"""The icon sprite: the few Tabler icons that Shuzheng uses, cut from the packages of several thousand."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
NAMES = HERE / "icons.txt"
SPRITE = HERE / "static" / "ui" / "icons.svg"
SYMBOL = re.compile(r'<symbol id="tabler-([\w-]+)"[^>]*>(.*?)</symbol>', re.DOTALL)
FRAME = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')
FILLED = "-filled"


class UnknownIcon(LookupError):
    """The icon is not in the sprite; add its name to ``ui/icons.txt`` and run ``build_icons``."""


@cache
def names() -> frozenset[str]:
    """Return the names of the icons in the sprite."""
    return frozenset(NAMES.read_text("utf-8").split())


def require(name: str) -> str:
    """Return the name of an icon. Raises UnknownIcon."""
    if name not in names():
        raise UnknownIcon(name)
    return name


def build(package: Path) -> str:
    """Return the sprite for ``icons.txt``, cut from the npm package ``@tabler/icons-sprite``.

    Outline icons inherit their stroke from the page's style; names ending in ``-filled`` come from the filled family.
    Raises UnknownIcon for a name that Tabler does not have.
    """
    outline = dict(SYMBOL.findall((package / "tabler-sprite.svg").read_text("utf-8")))
    filled = dict(SYMBOL.findall((package / "tabler-sprite-filled.svg").read_text("utf-8")))
    symbols = []
    for name in sorted(names()):
        family, plain = (filled, name.removesuffix(FILLED)) if name.endswith(FILLED) else (outline, name)
        drawing = family.get(f"filled-{plain}") or family.get(name) or family.get(plain)
        if drawing is None:
            raise UnknownIcon(name)
        style = ' fill="currentColor" stroke="none"' if family is filled else ""
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24"{style}>{FRAME.sub("", drawing)}</symbol>')
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Tabler Icons, MIT -->\n{body}\n</svg>\n'
