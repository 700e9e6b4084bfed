"""Items of 广东政务服务网 as one JSON object a line: codes, limits, conditions, materials, themes."""

from __future__ import annotations

from collections.abc import Mapping as Row
from typing import Any

from shuzheng.engines.casework.importing import texts
from shuzheng.engines.casework.importing.codes import national_code
from shuzheng.engines.casework.importing.entry import Entry, required, text_of, texts_of
from shuzheng.engines.casework.importing.mapping import Mapping, applicants_of, kind_of

MARKS = frozenset({"TASK_CODE", "TASK_NAME", "DEPT_NAME"})
LEVELS = {
    "国家级": "province",
    "省级": "province",
    "市级": "city",
    "县级": "county",
    "区级": "county",
    "镇级": "township",
}
NO_WINDOW = "无线下办理窗口"


def translate(raw: Row[str, Any], words: Mapping, entry: Entry) -> dict[str, Any]:
    """Return the body of an item. Raises Rejected."""
    entry.code, entry.title = required(raw, "TASK_CODE"), texts.title(required(raw, "TASK_NAME"))
    national_code(entry.code, entry, catalogue=text_of(raw, "CATAID"))
    kind, department = kind_of(required(raw, "TASK_TYPE_TEXT"), "TASK_TYPE_TEXT"), required(raw, "DEPT_NAME")
    area = text_of(raw, "AREACODE").ljust(12, "0")
    level = LEVELS.get(text_of(raw, "matter_level"), "county")
    return {
        "code": entry.code,
        "title": entry.title,
        "national_code": entry.code,
        "kind": str(kind),
        "owner": words.owner(department, "DEPT_NAME", entry, level=level, area=area),
        "aliases": texts.aliases(text_of(raw, "matter_short"), text_of(raw, "matter_daily")),
        "themes": words.theme_codes(texts_of(raw, "theme_category"), "theme_category", entry),
        "applicants": applicants_of(texts_of(raw, "service_object_name"), "service_object_name", entry),
        "conditions": texts.points(text_of(raw, "accept_standard")),
        "materials": _materials(raw),
        "limits": texts.limits(
            kind,
            text_of(raw, "handle_time"),
            text_of(raw, "handle_time_limit"),
            entry,
            fields=("handle_time", "handle_time_limit"),
        ),
        "channels": _channels(raw),
        "places": _places(raw),
        "phone": texts.phones(text_of(raw, "consult_phone"), "consult_phone", entry),
        "complaint_phone": texts.phones(text_of(raw, "complain_phone"), "complain_phone", entry),
        "source": f"广东政务服务网公开事项：{text_of(raw, 'AREA_CODE_TEXT')} {department}",
        "synthetic": not words.is_ours(area),
    }


def _materials(raw: Row[str, Any]) -> list[dict[str, Any]]:
    titles = texts_of(raw, "material_intro")
    return [{"code": f"m{number:02}", "title": title[:300]} for number, title in enumerate(titles, 1)]


def _window(raw: Row[str, Any]) -> str:
    """Return the address of the window, empty where there is none."""
    place = texts.plain(text_of(raw, "handle_location")).removeprefix("办理地点：")
    return "" if place == NO_WINDOW else place


def _channels(raw: Row[str, Any]) -> list[str]:
    online = ["web", "app"] if text_of(raw, "ONLINECHECK") == "1" else []
    return [*online, *(["window"] if _window(raw) or not online else [])]


def _places(raw: Row[str, Any]) -> list[dict[str, str]]:
    place = _window(raw)
    return [{"title": f"{text_of(raw, 'DEPT_NAME')}办事窗口", "address": place}] if place else []
