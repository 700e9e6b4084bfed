"""Items of 四川政务服务网 as one JSON array: codes, names, kinds and departments, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping as Row
from typing import Any

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.definitions.item import ItemKind
from shuzheng.engines.casework.importing import texts
from shuzheng.engines.casework.importing.codes import local_code
from shuzheng.engines.casework.importing.entry import Entry, Rejected, required, text_of
from shuzheng.engines.casework.importing.mapping import EVERYBODY, Mapping, kind_of

MARKS = frozenset({"itemCode", "name", "department"})
UNSORTED = "未分类"
DIVISION_DIGITS = 12


def translate(raw: Row[str, Any], words: Mapping, entry: Entry) -> dict[str, Any]:
    """Return the body of an item. Raises Rejected."""
    entry.code, entry.title = required(raw, "itemCode"), texts.title(required(raw, "name"))
    area = required(raw, "areaCode")
    if not (area.isdigit() and len(area) == DIVISION_DIGITS):
        raise Rejected("areaCode", _("区划代码应为 12 位数字。"))
    local_code(entry.code, entry, division=area)
    kind, department = kind_of(required(raw, "taskType"), "taskType"), required(raw, "department")
    main = text_of(raw, "main")
    return {
        "code": entry.code,
        "title": entry.title,
        "national_code": entry.code,
        "kind": str(kind),
        "owner": words.owner(department, "department", entry, level=_level(area), area=area),
        "aliases": [main[:100]] if main not in ("", UNSORTED, entry.title) else [],
        "themes": ["other"],
        "applicants": list(EVERYBODY),
        # The format has no limits: 行政许可法 §42 gives licences theirs.
        "limits": {"statutory": {"amount": texts.LICENCE_DAYS}} if kind is ItemKind.LICENCE else {},
        "source": f"四川政务服务网公开事项：区划 {area} {department}",
        "synthetic": not words.is_ours(area),
    }


def _level(area: str) -> str:
    """Return the level of a division code."""
    if area.endswith("0" * 10):
        return "province"
    if area.endswith("0" * 8):
        return "city"
    return "county" if area.endswith("0" * 6) else "township"
