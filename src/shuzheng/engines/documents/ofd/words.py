"""The words of a page: what is written on one line belongs together, whatever number of objects it was drawn with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shuzheng.engines.documents.ofd.graphics import AnyGraphic, Group, TextObject

#: A gap wider than this share of the size separates words.
_GAP = 0.6
#: Baselines closer than this share of the size are one line.
_LEVEL = 0.35


@dataclass(frozen=True)
class PlacedText:
    """A run of text on a page: where its first character begins and its last one begins, on the baseline, in millimetres."""

    text: str
    x: float
    y: float
    end: float
    size: float


def placed(objects: Iterable[AnyGraphic]) -> Iterator[PlacedText]:
    """Yield every run of text with its place on the page."""
    for graphic in objects:
        if isinstance(graphic, Group):
            yield from placed(graphic.objects)
        if not isinstance(graphic, TextObject):
            continue
        a, b, c, d, e, f = graphic.ctm
        left, top = graphic.boundary[:2]
        for run in graphic.runs:
            if not run.text:
                continue
            (x, y), (last_x, last_y) = run.places[0], run.places[-1]
            start = (left + a * x + c * y + e, top + b * x + d * y + f)
            end = left + a * last_x + c * last_y + e
            yield PlacedText(run.text, *start, end, graphic.size * (abs(d) or abs(b) or 1))


def text_of(objects: Iterable[AnyGraphic]) -> str:
    """Return the text in the order it was drawn; what continues a line to its right is put on the same line."""
    lines: list[str] = []
    before: PlacedText | None = None
    for run in placed(objects):
        if before is not None and abs(run.y - before.y) <= _LEVEL * run.size and run.x >= before.x:
            gap = run.x - before.end - before.size
            lines[-1] += run.text if gap <= _GAP * run.size else f" {run.text}"
        else:
            lines.append(run.text)
        before = run
    return "\n".join(lines)
