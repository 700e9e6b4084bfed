"""The verbs of resources."""

from __future__ import annotations

from shuzheng.engines.resources.actions.alerts import TakeAlert
from shuzheng.engines.resources.actions.evaluating import EvaluateObjectives, ForgetCounters
from shuzheng.engines.resources.actions.measures import AskMeasure, PauseAtOnce
from shuzheng.engines.resources.actions.processes import NoteProcesses
from shuzheng.engines.resources.actions.settling import ApproveMeasure, EndMeasure, ReviewMeasure

__all__ = [
    "ApproveMeasure", "AskMeasure", "EndMeasure", "EvaluateObjectives", "ForgetCounters", "NoteProcesses",
    "PauseAtOnce", "ReviewMeasure", "TakeAlert",
]  # fmt: skip
