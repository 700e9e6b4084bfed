"""Facts about divisions that packs carry: reading, checking and loading the three files under ``divisions/``."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import sql
from shapely.geometry import shape

from shuzheng.engines.vocabulary import boundaries
from shuzheng.engines.vocabulary.divisions import DIGITS, lineage, pad
from shuzheng.engines.vocabulary.merging import STAGE, merge
from shuzheng.engines.vocabulary.models import Division, DivisionBoundary, DivisionChange
from shuzheng.kernel.declaration import Counts, Manifest
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now, today
from shuzheng.kernel.source import Problem

Row = dict[str, str]

#: The staged rows are those that ``merge`` leaves behind.
_END_MISSING = sql.SQL(
    "UPDATE vocabulary_division d SET valid_to = %s WHERE valid_to IS NULL "
    "AND subpath(path, 0, 1) IN (SELECT path FROM {stage} WHERE level = 1) "
    "AND NOT EXISTS (SELECT FROM {stage} s WHERE s.code = d.code)"
).format(stage=sql.Identifier(STAGE))


# -- divisions.csv: code,name,longitude,latitude,valid_from ---------------------------------------------------------


def check_divisions(file: Path) -> Iterator[Problem]:
    """Find malformed, repeated and parentless codes, and empty names."""
    seen: set[str] = set()
    for line, row in _rows(file):
        code = row["code"]
        if len(code) not in DIGITS or not code.isdigit():
            yield Problem(str(file), line, f"区划代码“{code}”应为 2、4、6、9 或 12 位数字")
            continue
        if code in seen:
            yield Problem(str(file), line, f"区划代码“{code}”写了两次")
        if not row["name"]:
            yield Problem(str(file), line, f"区划代码“{code}”没有名称")
        above = lineage(code)[:-1]
        if above and above[-1] not in seen:
            yield Problem(str(file), line, f"区划“{row['name']}”的上级 {above[-1]} 不在它之前")
        seen.add(code)


def load_divisions(file: Path, pack: Manifest) -> Counts:
    """Merge the divisions; those of the same province that the file no longer has end today."""
    source = f"{pack.code}@{pack.version}"
    counts = merge(Division, _division_rows(file, source), key=["code"], settled=["source"])
    counts += _end_missing()
    return counts


def _division_rows(file: Path, source: str) -> Iterator[tuple[Any, ...]]:
    full_names: dict[str, str] = {}
    for _line, row in _rows(file):
        path = lineage(row["code"])
        parent = path[-2] if len(path) > 1 else ""
        full_name = full_names[row["code"]] = full_names.get(parent, "") + row["name"]
        yield (
            pad(row["code"]),
            row["name"],
            len(path),
            ".".join(path),
            pad(parent),
            full_name,
            float(row["longitude"]) if row["longitude"] else None,
            float(row["latitude"]) if row["latitude"] else None,
            row["valid_from"] or None,
            None,
            source,
        )


def _end_missing() -> Counts:
    """End divisions of the provinces just merged that the staged edition does not have."""
    with connection.cursor() as cursor:
        cursor.execute(_END_MISSING, [today()])
        return Counts(updated=cursor.rowcount)


# -- changes.csv: year,kind,old_code,old_name,new_code,new_name,document,url,note ---------------------------------


def check_changes(file: Path) -> Iterator[Problem]:
    """Find unknown kinds, impossible years, malformed codes, rows without a division, and repetitions."""
    seen: set[tuple[str, ...]] = set()
    for line, row in _rows(file):
        change = (row["year"], row["old_code"], row["old_name"], row["new_code"])
        if change in seen:
            yield Problem(str(file), line, "这一变更写了两次")
        seen.add(change)
        if row["kind"] not in DivisionChange.Kind.values:
            yield Problem(
                str(file), line, f"变更类型“{row['kind']}”不存在", "可用：" + "、".join(DivisionChange.Kind.values)
            )
        if not (row["year"].isdigit() and 1949 <= int(row["year"]) <= today().year):
            yield Problem(str(file), line, f"年份“{row['year']}”不对")
        codes = [code for code in (row["old_code"], row["new_code"]) if code]
        if not codes or any(len(code) != 6 or not code.isdigit() for code in codes):
            yield Problem(str(file), line, "旧代码和新代码至少写一个，且应为 6 位数字")


def load_changes(file: Path, pack: Manifest) -> Counts:
    """Merge the changes of codes and names."""
    source = f"{pack.code}@{pack.version}"
    rows = (
        (
            new_id(),
            date(int(row["year"]), 12, 31),
            row["kind"],
            pad(row["old_code"]),
            row["old_name"],
            pad(row["new_code"]),
            row["new_name"],
            row["document"],
            row["url"],
            row["note"],
            source,
        )
        for _line, row in _rows(file)
    )
    key = ["effective_on", "old_code", "old_name", "new_code"]
    return merge(DivisionChange, rows, key=key, settled=["source"])


# -- boundaries.geojson: one Feature per division, its id the six-digit code -----------------------------------------


def check_boundaries(file: Path) -> Iterator[Problem]:
    """Find what is not a collection of valid polygons with codes."""
    try:
        features = json.loads(file.read_text(encoding="utf-8"))["features"]
    except (ValueError, KeyError, TypeError):
        yield Problem(str(file), 1, "不是有效的 GeoJSON FeatureCollection")
        return
    for index, feature in enumerate(features):
        code = str(feature.get("id", ""))
        polygon = shape(feature["geometry"])
        if len(code) != 6 or polygon.geom_type not in ("Polygon", "MultiPolygon") or not polygon.is_valid:
            yield Problem(str(file), 1, f"第 {index + 1} 个边界（{code or '没有代码'}）不是带 6 位代码的有效多边形")


def load_boundaries(file: Path, pack: Manifest) -> Counts:
    """Merge the polygons and let this process forget the old ones."""
    features: Iterable[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["features"]
    source, moment = f"{pack.code}@{pack.version}", now()
    rows = ((pad(f["id"]), json.dumps(f["geometry"], separators=(",", ":")), source, moment) for f in features)
    counts = merge(DivisionBoundary, rows, key=["code"], settled=["source", "loaded_at"])
    boundaries.forget()
    return counts


def _rows(file: Path) -> Iterator[tuple[int, Row]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        for row in reader:
            yield reader.line_num, {key: (text or "").strip() for key, text in row.items() if key}
