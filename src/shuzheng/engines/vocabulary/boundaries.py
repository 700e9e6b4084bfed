"""Which county a point lies in, answered in memory by a spatial index over the counties' polygons."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.db.models import Max
from shapely import STRtree
from shapely.geometry import Point, shape

from shuzheng.engines.vocabulary.models import DivisionBoundary

#: Seconds for which a process answers without asking whether the boundaries were loaded anew.
FRESH = 60.0


@dataclass
class _Index:
    codes: list[str]
    tree: STRtree | None
    edition: object
    asked: float


_index = _Index([], None, None, float("-inf"))


def county_at(longitude: float, latitude: float) -> str | None:
    """Return the code of the county at a point in degrees (CGCS2000), or ``None``; on a border, the lower code."""
    tree = _current().tree
    if tree is None:
        return None
    found = tree.query(Point(longitude, latitude), predicate="intersects")
    return min((_index.codes[int(place)] for place in found), default=None)


def forget() -> None:
    """Read the boundaries anew at the next question."""
    _index.asked = float("-inf")
    _index.edition = None


def _current() -> _Index:
    if time.monotonic() - _index.asked > FRESH:
        edition = DivisionBoundary.objects.aggregate(loaded=Max("loaded_at"))["loaded"]
        if edition != _index.edition:
            _read()
        _index.edition, _index.asked = edition, time.monotonic()
    return _index


def _read() -> None:
    counties = DivisionBoundary.objects.exclude(code__endswith="00000000").order_by("code")
    rows = list(counties.values_list("code", "geometry"))
    _index.codes = [code for code, _geometry in rows]
    _index.tree = STRtree([shape(geometry) for _code, geometry in rows]) if rows else None
