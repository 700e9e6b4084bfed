"""Reads of casework; callers import names from here."""

from __future__ import annotations

from shuzheng.engines.casework.queries.case import WholeCase, case_by_number, case_for, cases_of, whole_case
from shuzheng.engines.casework.queries.guide import Promise, handling_unit, promises
from shuzheng.engines.casework.queries.items import Found, items_titled, popular_items, search_items
from shuzheng.engines.casework.queries.own import ListedCase, own_cases, to_dos
from shuzheng.engines.casework.queries.work import WorkFilter, board, my_tasks, saved_views, supervised, tasks_of_case

__all__ = [
    "Found",
    "ListedCase",
    "Promise",
    "WholeCase",
    "WorkFilter",
    "board",
    "case_by_number",
    "case_for",
    "cases_of",
    "handling_unit",
    "items_titled",
    "my_tasks",
    "own_cases",
    "popular_items",
    "promises",
    "saved_views",
    "search_items",
    "supervised",
    "tasks_of_case",
    "to_dos",
    "whole_case",
]
