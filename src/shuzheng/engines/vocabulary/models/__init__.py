"""Tables of the vocabulary."""

from __future__ import annotations

from shuzheng.engines.vocabulary.models.calendar import CalendarYear, WorkdayOverride, YearProposal
from shuzheng.engines.vocabulary.models.division import Division, DivisionBoundary, DivisionChange

__all__ = ["CalendarYear", "Division", "DivisionBoundary", "DivisionChange", "WorkdayOverride", "YearProposal"]
