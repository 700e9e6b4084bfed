"""Breaking text into lines by the rules of Chinese composition (GB/T 15834, CLREQ): no closing mark begins a line, no
opening mark ends one, words of other scripts and numbers stay whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

#: Marks that may not begin a line, and marks that may not end one.
CLOSING = frozenset("，。、；：？！…—～·）》〉】〕』」”’％‰℃,.;:?!)]}%°")
OPENING = frozenset("（《〈【〔『「“‘([{￥$#@")
_JOINS = frozenset("-_/@#&+='’.:,%~*\\|")


def _word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in _JOINS)


def together(left: str, right: str) -> bool:
    """Say whether no line may end between two characters."""
    return right == " " or right in CLOSING or left in OPENING or (_word(left) and _word(right))


def clusters(text: str) -> Iterator[str]:
    """Yield the parts that stay on one line; a line may end at a space, but not between a mark and what it belongs to."""
    start = 0
    for at in range(1, len(text) + 1):
        left = text[at - 1]
        if left == " ":
            before = text[start:at].rstrip(" ")[-1:]
            left = before if before in OPENING else left
        if at == len(text) or not together(left, text[at]):
            yield text[start:at]
            start = at


def break_line(text: str, width: Callable[[str], float], first: float, rest: float) -> list[str]:
    """Return the lines of a paragraph; ``first`` and ``rest`` are the room of its first and its other lines.

    ``width`` tells the width of one character. A part wider than a whole line is broken anywhere. Spaces at the end of a
    line are dropped.
    """
    lines: list[str] = []
    line, used = "", 0.0
    for cluster in clusters(text):
        needed = sum(map(width, cluster.rstrip(" ")))
        if line and used + needed > (rest if lines else first):
            lines.append(line.rstrip(" "))
            line, used = "", 0.0
        while needed > (room := rest if lines else first) and len(cluster) > 1:
            count = _fitting(cluster, width, room)
            lines.append(cluster[:count])
            cluster = cluster[count:]
            needed = sum(map(width, cluster.rstrip(" ")))
        line += cluster
        used += sum(map(width, cluster))
    return [*lines, line.rstrip(" ")]


def _fitting(text: str, width: Callable[[str], float], room: float) -> int:
    """Return how many characters fit; at least one, and not the last."""
    used = 0.0
    for count, character in enumerate(text):
        used += width(character)
        if used > room:
            return max(count, 1)
    return len(text) - 1
