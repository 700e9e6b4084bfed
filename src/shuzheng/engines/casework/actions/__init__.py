"""The verbs of casework, by stage."""

from __future__ import annotations

from shuzheng.engines.casework.actions import (
    correcting,
    deciding,
    filing,
    importing,
    intake,
    items,
    notices,
    pausing,
    rating,
    seeing,
    views,
    working,
)

__all__ = [
    "correcting",
    "deciding",
    "filing",
    "importing",
    "intake",
    "items",
    "notices",
    "pausing",
    "rating",
    "seeing",
    "views",
    "working",
]
