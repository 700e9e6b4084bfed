"""The verbs of the vocabulary."""

from __future__ import annotations

from shuzheng.engines.vocabulary.actions.calendar import OverrideWorkday
from shuzheng.engines.vocabulary.actions.calendar_confirming import ConfirmCalendar
from shuzheng.engines.vocabulary.actions.calendar_proposals import DiscardCalendar, WeighCalendar
from shuzheng.engines.vocabulary.actions.calendar_proposing import ProposeWithdrawal, ProposeWorkday, ProposeYear

__all__ = [
    "ConfirmCalendar",
    "DiscardCalendar",
    "OverrideWorkday",
    "ProposeWithdrawal",
    "ProposeWorkday",
    "ProposeYear",
    "WeighCalendar",
]
