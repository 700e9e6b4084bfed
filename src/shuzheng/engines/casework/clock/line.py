"""What an explanation is made of: lines, and what every line is told from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shuzheng.engines.casework.clock.event import ClockEvent
from shuzheng.engines.casework.clock.face import Reading
from shuzheng.engines.casework.clock.phrases import Words
from shuzheng.engines.casework.clock.rule import ClockRule
from shuzheng.engines.casework.clock.tape import Tape
from shuzheng.engines.vocabulary.calendar import WorkCalendar


class LineKind(StrEnum):
    """What a line tells, so that a page can give it an icon."""

    START = "start"
    COUNTED = "counted"
    SKIPPED = "skipped"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    EXTENDED = "extended"
    MOVED = "moved"
    DUE = "due"
    STOPPED = "stopped"
    LAPSED = "lapsed"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation, about the days from ``first`` to ``last``."""

    kind: LineKind
    text: str
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Everything that the lines about one clock are told from."""

    rule: ClockRule
    calendar: WorkCalendar
    reading: Reading
    #: When the clock started, in local time.
    started: datetime
    tape: Tape
    #: The extensions that took effect, in order of time.
    extensions: tuple[ClockEvent, ...]
    words: Words
