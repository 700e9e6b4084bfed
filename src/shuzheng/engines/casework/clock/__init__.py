"""The statutory clock (法定时限): what must be done by when, computed from events, explained to the resident.

Pure functions over immutable data; nothing here knows of Django, of a database or of the present time.
``docs/explanation/statutory-clock.md`` gives every rule with its law.
"""

from __future__ import annotations

from shuzheng.engines.casework.clock.change import DueChange, moved_days, recompute
from shuzheng.engines.casework.clock.event import ClockEvent, EventKind
from shuzheng.engines.casework.clock.explain import explain
from shuzheng.engines.casework.clock.face import Reading, State
from shuzheng.engines.casework.clock.ground import GROUNDS, Ground, GroundFacts
from shuzheng.engines.casework.clock.ladder import Card, Ladder, Rung, default_ladder
from shuzheng.engines.casework.clock.limit import parse_limit
from shuzheng.engines.casework.clock.line import Line, LineKind
from shuzheng.engines.casework.clock.reading import due, objection, read
from shuzheng.engines.casework.clock.rule import (
    ClockKind,
    ClockRule,
    ExtensionRule,
    LapseEffect,
    PromiseTooLong,
    Stop,
    Unit,
    check_promise,
    standard_rule,
)
from shuzheng.engines.casework.clock.timeline import Refusal, RefusalReason, Suspension

__all__ = [
    "GROUNDS",
    "Card",
    "ClockEvent",
    "ClockKind",
    "ClockRule",
    "DueChange",
    "EventKind",
    "ExtensionRule",
    "Ground",
    "GroundFacts",
    "Ladder",
    "LapseEffect",
    "Line",
    "LineKind",
    "PromiseTooLong",
    "Reading",
    "Refusal",
    "RefusalReason",
    "Rung",
    "State",
    "Stop",
    "Suspension",
    "Unit",
    "check_promise",
    "default_ladder",
    "due",
    "explain",
    "moved_days",
    "objection",
    "parse_limit",
    "read",
    "recompute",
    "standard_rule",
]
