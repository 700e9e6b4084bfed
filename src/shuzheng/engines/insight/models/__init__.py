"""What insight stores."""

from __future__ import annotations

from shuzheng.engines.insight.models.indicator_value import IndicatorValue

__all__ = ["IndicatorValue"]
