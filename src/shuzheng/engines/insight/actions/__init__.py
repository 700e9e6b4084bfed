"""The verbs of insight."""

from __future__ import annotations

from shuzheng.engines.insight.actions.refresh import RefreshIndicators

__all__ = ["RefreshIndicators"]
