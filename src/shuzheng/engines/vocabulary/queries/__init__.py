"""Reads of the vocabulary; callers import names from here."""

from __future__ import annotations

from shuzheng.engines.vocabulary.divisions import path
from shuzheng.engines.vocabulary.queries.calendar import forget_calendars, work_calendar
from shuzheng.engines.vocabulary.queries.division import (
    Hit,
    ancestors,
    boundary_collection,
    children,
    current,
    division,
    division_at,
    divisions,
    full_name,
    is_division,
    search,
)
from shuzheng.engines.vocabulary.queries.element import choices, code, code_list, display, element
from shuzheng.engines.vocabulary.queries.history import Meaning, code_on, succession, successor

__all__ = [
    "Hit", "Meaning", "ancestors", "boundary_collection", "children", "choices", "code", "code_list", "code_on",
    "current", "display", "division", "division_at", "divisions", "element", "forget_calendars", "full_name",
    "is_division", "path", "search", "succession", "successor", "work_calendar",
]  # fmt: skip
