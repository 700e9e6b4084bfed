"""Limits as offices write them (办理时限的写法), read into a number and a unit."""

from __future__ import annotations

import re

from shuzheng.engines.casework.clock.rule import Unit

_UNITS = {
    "工作日": Unit.WORKING_DAY,
    "个工作日": Unit.WORKING_DAY,
    "天": Unit.CALENDAR_DAY,
    "日": Unit.CALENDAR_DAY,
    "自然日": Unit.CALENDAR_DAY,
    "个自然日": Unit.CALENDAR_DAY,
    "小时": Unit.HOUR,
    "个小时": Unit.HOUR,
    "时": Unit.HOUR,
    "工作小时": Unit.WORKING_HOUR,
    "个工作小时": Unit.WORKING_HOUR,
}
_LIMIT = re.compile(r"(\d+)\s*[（(]?\s*(\D+?)\s*[)）]?(?:以?内)?")
_AT_ONCE = frozenset({"即办", "即时办结", "当场办结", "即办件", "马上办"})


def parse_limit(text: str) -> tuple[int, Unit] | None:
    """Read a limit such as ``20(工作日)``, ``5个工作日``, ``60天`` or ``即办``.

    Done at once (即办) is one working hour. Returns ``None`` where no limit is given (``无``, empty) or it cannot be
    read; a limit of zero counts as done at once.
    """
    text = text.strip()
    if text in _AT_ONCE:
        return 1, Unit.WORKING_HOUR
    match = _LIMIT.fullmatch(text)
    if match is None or match[2] not in _UNITS:
        return None
    return (int(match[1]), _UNITS[match[2]]) if int(match[1]) else (1, Unit.WORKING_HOUR)
