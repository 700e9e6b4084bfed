"""The verbs of casework, by stage."""

from __future__ import annotations

from shuzheng.engines.casework.actions import (
    asking,
    correcting,
    deciding,
    filing,
    importing,
    intake,
    items,
    lettering,
    linking,
    notices,
    pausing,
    paying,
    rating,
    reserving,
    seeing,
    serving,
    views,
    working,
)

__all__ = [
    "asking",
    "correcting",
    "deciding",
    "filing",
    "importing",
    "intake",
    "items",
    "lettering",
    "linking",
    "notices",
    "pausing",
    "paying",
    "rating",
    "reserving",
    "seeing",
    "serving",
    "views",
    "working",
]
