"""The verbs of the vocabulary."""

from __future__ import annotations

from shuzheng.engines.vocabulary.actions.calendar import AnnounceYear, OverrideWorkday, WithdrawYear

__all__ = ["AnnounceYear", "OverrideWorkday", "WithdrawYear"]
