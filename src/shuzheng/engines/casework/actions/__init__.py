"""The verbs of casework, by stage."""

from __future__ import annotations

from shuzheng.engines.casework.actions import deciding, filing, intake, items, notices, pausing, rating, seeing, views, working

__all__ = ["deciding", "filing", "intake", "items", "notices", "pausing", "rating", "seeing", "views", "working"]
