"""Processes (流程): BPMN 2.0 models run by SpiffWorkflow; pure functions from one state to the next.

Nothing here writes to the database. ``begin``, ``complete`` and ``send_back`` take a published process and the state of
one case and return a ``Progress``; the case file turns that into tasks.
"""

from __future__ import annotations

from shuzheng.engines.casework.process.definition import ProcessDefinition, read_bpmn
from shuzheng.engines.casework.process.model import ProcessModel, ProcessUnreadable, Step, model_of
from shuzheng.engines.casework.process.run import Picture, Progress, StepGone, begin, complete, picture, send_back

__all__ = [
    "Picture",
    "ProcessDefinition",
    "ProcessModel",
    "ProcessUnreadable",
    "Progress",
    "Step",
    "StepGone",
    "begin",
    "complete",
    "model_of",
    "picture",
    "read_bpmn",
    "send_back",
]
