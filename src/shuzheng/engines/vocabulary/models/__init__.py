"""Tables of the vocabulary."""

from __future__ import annotations

from shuzheng.engines.vocabulary.models.calendar import CalendarProposal, CalendarYear, WorkdayOverride
from shuzheng.engines.vocabulary.models.division import Division, DivisionBoundary, DivisionChange

__all__ = ["CalendarProposal", "CalendarYear", "Division", "DivisionBoundary", "DivisionChange", "WorkdayOverride"]
