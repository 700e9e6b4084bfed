"""Rows as the two formats write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

#: 广东省教育厅's credit code, level, catalogue code.
GUANGDONG: dict[str, Any] = {
    "TASK_CODE": "11440000006940116U2440102002001",
    "CATAID": "440102002001",
    "TASK_TYPE_TEXT": "行政许可",
    "TASK_NAME": "中小学地方课程教材复查",
    "DEPT_NAME": "广东省教育厅",
    "AREA_CODE_TEXT": "广东省",
    "AREACODE": "440000",
    "matter_level": "省级",
    "matter_short": "教材复查",
    "matter_daily": "查教材,教材审查；教材复查",
    "handle_time": "70(工作日)",
    "handle_time_limit": "18(工作日)",
    "handle_location": "办理地点：广州市越秀区农林下路72号1-3号窗口",
    "ONLINECHECK": "1",
    "accept_standard": "符合下列条件：1.是本省单位；2.教材已经审定。",
    "consult_phone": "电话：020-37628755、（020）37628756 转3",
    "complain_phone": "95598",
    "theme_category": ["教育科研"],
    "service_object_name": ["自然人", "企业法人"],
    "material_intro": ["申请表", "教材"],
}
GUANGAN: dict[str, Any] = {
    "department": "区水务局",
    "main": "未分类",
    "name": "河道采砂许可",
    "itemCode": "511A19016001-511602000000-000-1151130100877844X4-1-00",
    "areaCode": "511602000000",
    "taskType": "1",
    "deptCode": "00877844X",
}


def lines(folder: Path, *rows: dict[str, Any] | str) -> Path:
    """Write a file of JSON lines; a text stands as it is."""
    file = folder / "items.jsonl"
    file.write_text(
        "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows), "utf-8"
    )
    return file


def array(folder: Path, *rows: Any) -> Path:
    """Write a file with a JSON array."""
    file = folder / "items.json"
    file.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    return file
