"""Where a seal is shown: on one page, or cut across the edges of all (骑缝)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from django.utils.translation import gettext as _

from shuzheng.engines.documents.ofd.shapes import Box

Edge = Literal["left", "right", "top", "bottom"]
#: Pages over which one seal is cut: narrower slices cannot be matched by eye.
MOST_SLICES = 20


@dataclass(frozen=True)
class OnPage:
    """A whole seal; the page counts from 1, millimetres from its upper left corner to the seal's."""

    page: int
    x: float
    y: float


@dataclass(frozen=True)
class Riding:
    """A seal cut into slices along an edge of all pages; ``along`` is its distance from the edge's beginning."""

    edge: Edge = "right"
    along: float = 120.0


@dataclass(frozen=True)
class Placed:
    """Where one page shows the seal: its whole box, and the part of it that is shown, from the box's corner."""

    #: Counts from 0.
    page: int
    box: Box
    clip: Box | None = None


def placed(place: OnPage | Riding, sizes: Sequence[tuple[float, float]], width: float, height: float) -> list[Placed]:
    """Return where each page shows a seal of this size. Raises ValueError for a page that is not there, or a lone one."""
    if isinstance(place, OnPage):
        if not 1 <= place.page <= len(sizes):
            raise ValueError(_("文件没有第 {page} 页，请改选页码。").format(page=place.page))
        page_width, page_height = sizes[place.page - 1]
        if not (-width < place.x < page_width and -height < place.y < page_height):
            raise ValueError(_("盖章位置在页面之外，请调整坐标。"))
        return [Placed(place.page - 1, (place.x, place.y, width, height))]
    if len(sizes) < 2:
        raise ValueError(_("骑缝章至少要有两页。"))
    return [one for group in _groups(len(sizes)) for one in _sliced(place, group, sizes, width, height)]


def _groups(count: int) -> list[range]:
    """Divide the pages as evenly as possible into groups that one seal is cut over, none of a single page."""
    groups = -(-count // MOST_SLICES)
    bounds = [count * n // groups for n in range(groups + 1)]
    return [range(start, end) for start, end in pairwise(bounds)]


def _sliced(
    place: Riding, pages: range, sizes: Sequence[tuple[float, float]], width: float, height: float
) -> list[Placed]:
    found = []
    count = len(pages)
    for number, page in enumerate(pages):
        page_width, page_height = sizes[page]
        across, down = width / count, height / count
        if place.edge in ("left", "right"):
            left = page_width - across if place.edge == "right" else 0.0
            box, clip = (left - number * across, place.along, width, height), (number * across, 0.0, across, height)
        else:
            top = page_height - down if place.edge == "bottom" else 0.0
            box, clip = (place.along, top - number * down, width, height), (0.0, number * down, width, down)
        found.append(Placed(page, box, clip))
    return found
