"""Paths of answers: ``code``, or ``group.row.code`` in a repeated section."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def lookup(values: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path, or ``None``."""
    parts = path.split(".")
    if len(parts) == 1:
        return values.get(path)
    rows = values.get(parts[0])
    if not isinstance(rows, list) or not parts[1].isdigit() or int(parts[1]) >= len(rows):
        return None
    row = rows[int(parts[1])]
    return row.get(parts[2]) if isinstance(row, dict) else None


def assign(values: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a path; rows that are missing are added empty."""
    parts = path.split(".")
    if len(parts) == 1:
        values[path] = value
        return
    rows = values.setdefault(parts[0], [])
    while len(rows) <= int(parts[1]):
        rows.append({})
    rows[int(parts[1])][parts[2]] = value
