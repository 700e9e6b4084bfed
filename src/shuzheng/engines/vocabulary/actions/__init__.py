"""The verbs of the vocabulary."""

from __future__ import annotations

from shuzheng.engines.vocabulary.actions.calendar import OverrideWorkday
from shuzheng.engines.vocabulary.actions.calendar_proposals import DiscardYear, ProposeYear, WeighYear
from shuzheng.engines.vocabulary.actions.calendar_years import AnnounceYear, WithdrawYear

__all__ = ["AnnounceYear", "DiscardYear", "OverrideWorkday", "ProposeYear", "WeighYear", "WithdrawYear"]
