"""Division codes and positions."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.vocabulary.divisions import DIGITS, pad
from shuzheng.engines.vocabulary.errors import InvalidValue
from shuzheng.engines.vocabulary.validators.text import compact, half_width

#: The country's extent in degrees: longitude from, to; latitude from, to.
_EXTENT = (73.0, 136.0, 3.0, 54.0)


def division_code(value: str) -> str:
    """Return a division's code with twelve digits. Raises InvalidValue."""
    code = compact(value)
    if not code.isdecimal() or len(code) not in DIGITS:
        raise InvalidValue(_("区划代码应为 2、4、6、9 或 12 位数字，请从列表中选择。"))
    return pad(code)


def geo_point(value: str) -> tuple[float, float]:
    """Return (longitude, latitude) in degrees with six decimal places. Raises InvalidValue."""
    parts = re.split(r"[,\s;]+", half_width(value).replace("，", ",").strip("()[] "))
    if len(parts) != 2 or not all(re.fullmatch(r"-?\d{1,3}(?:\.\d+)?", part) for part in parts):
        raise InvalidValue(_("位置应为“经度,纬度”，例如 114.93503,25.83109，也可以在地图上点选。"))
    longitude, latitude = (round(float(part), 6) for part in parts)
    west, east, south, north = _EXTENT
    if west <= latitude <= east and south <= longitude <= north:
        raise InvalidValue(_("经度和纬度写反了，请先写经度（73 至 136）再写纬度（3 至 54）。"))
    if not (west <= longitude <= east and south <= latitude <= north):
        raise InvalidValue(_("位置不在我国范围内，请核对经度（73 至 136）和纬度（3 至 54）。"))
    return longitude, latitude
