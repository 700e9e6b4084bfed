"""Reads of casework; callers import names from here."""

from __future__ import annotations

from shuzheng.engines.casework.queries.case import WholeCase, case_by_number, case_for, cases_of, whole_case
from shuzheng.engines.casework.queries.work import WorkFilter, board, my_tasks, saved_views, supervised, tasks_of_case

__all__ = [
    "WholeCase",
    "WorkFilter",
    "board",
    "case_by_number",
    "case_for",
    "cases_of",
    "my_tasks",
    "saved_views",
    "supervised",
    "tasks_of_case",
    "whole_case",
]
