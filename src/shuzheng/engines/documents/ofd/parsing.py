"""Reading OFD's XML as it is found: any prefix or namespace, numbers with stray characters, missing attributes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from lxml import etree

from shuzheng.engines.documents.ofd.shapes import Box, Command

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_PATH = re.compile(r"[SMLQBACsmlqbac]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
#: Numbers that each letter of AbbreviatedData takes (§9.3).
_TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
#: Beyond this many millimetres a number is a mistake or an attack.
_FARTHEST = 1e6


def local(node: etree._Element) -> str:
    """Return the name of an element without its namespace; empty for comments."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def children(node: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    """Yield the child elements of these names, or all."""
    for child in node if node is not None else ():
        name = local(child)
        if name and (not names or name in names):
            yield child


def child(node: etree._Element | None, *path: str) -> etree._Element | None:
    """Return the first descendant along a path of names, or None."""
    for name in path:
        node = next(children(node, name), None)
    return node


def content(node: etree._Element | None, *path: str) -> str:
    """Return the text of a descendant along a path; empty if there is none."""
    found = child(node, *path)
    return (found.text or "").strip() if found is not None else ""


def numbers(text: str | None) -> list[float]:
    """Return the numbers in a text; whatever is none is passed over."""
    found = (float(n) for n in _NUMBER.findall(text or ""))
    return [max(-_FARTHEST, min(n, _FARTHEST)) for n in found if math.isfinite(n)]


def figure(node: etree._Element, name: str, default: float) -> float:
    """Return an attribute as a number."""
    return next(iter(numbers(node.get(name))), default)


def flag(node: etree._Element, name: str, *, default: bool) -> bool:
    """Return an attribute as yes or no."""
    return {"true": True, "1": True, "false": False, "0": False}.get((node.get(name) or "").strip().lower(), default)


def box(text: str | None) -> Box | None:
    """Return a ST_Box, or None if it has not four numbers."""
    found = numbers(text)
    return (found[0], found[1], found[2], found[3]) if len(found) >= 4 else None


def matrix(text: str | None) -> Matrix:
    """Return a CTM; the identity if there is none."""
    found = numbers(text)
    return (found[0], found[1], found[2], found[3], found[4], found[5]) if len(found) >= 6 else IDENTITY


def deltas(text: str | None, most: int) -> list[float]:
    """Return the distances of a DeltaX or DeltaY, ``g n d`` written out, but never more than there are characters."""
    words = (text or "").replace(",", " ").split()
    found: list[float] = []
    at = 0
    while at < len(words) and len(found) < most:
        if words[at] == "g" and at + 2 < len(words):
            repeat, step = numbers(words[at + 1]), numbers(words[at + 2])
            found += (step or [0.0]) * max(0, min(int((repeat or [0])[0]), most - len(found)))
            at += 3
        else:
            found += numbers(words[at])[:1] or [0.0]
            at += 1
    return found[:most]


def commands(text: str | None) -> list[Command]:
    """Return the commands of AbbreviatedData; an incomplete one ends the path."""
    words = _PATH.findall(text or "")
    made: list[Command] = []
    at = 0
    while at < len(words):
        letter = words[at].upper()
        if letter not in _TAKES:
            at += 1
            continue
        values = words[at + 1 : at + 1 + _TAKES[letter]]
        if len(values) < _TAKES[letter] or any(value.upper() in _TAKES for value in values):
            break
        made.append(
            ("M" if letter == "S" else letter, tuple(max(-_FARTHEST, min(float(v), _FARTHEST)) for v in values))
        )
        at += 1 + _TAKES[letter]
    return made
