"""What is stored of a clock: set from the pure clock, and read without it."""

from __future__ import annotations

from datetime import datetime

from shuzheng.engines.casework.clock import Card, Reading, State
from shuzheng.engines.casework.models import FAR_FUTURE, Case, Clock, Task
from shuzheng.kernel.moment import now

STATES = {
    State.NOT_STARTED: "running",
    State.RUNNING: "running",
    State.LAPSED: "running",
    State.SUSPENDED: "suspended",
    State.STOPPED: "stopped",
}
#: What is written back when a clock is read again.
COMPUTED = [
    "state",
    "stopped_at",
    "due_at",
    "amber_at",
    "red_at",
    "provisional",
    "calendar_version",
    "notice_at",
    "noticed",
]
CARD_FIELDS = ("due_at", "amber_at", "red_at")
LADDER = ("green", "amber", "red", "lapsed")


def apply(clock: Clock, reading: Reading) -> None:
    """Set a stored clock to what the pure clock shows."""
    clock.state = STATES[reading.state]
    clock.stopped_at = reading.stopped
    clock.due_at = reading.due or FAR_FUTURE
    clock.amber_at = reading.amber_at or FAR_FUTURE
    clock.red_at = reading.red_at or FAR_FUTURE
    clock.provisional = reading.provisional
    clock.calendar_version = reading.calendar
    clock.notice_at = next_notice(clock)


def next_notice(clock: Clock) -> datetime:
    """Return when somebody must next be told of a running clock: at the card after the last one told."""
    if clock.state != Clock.State.RUNNING:
        return FAR_FUTURE
    turns = {"amber": clock.amber_at, "red": clock.red_at, "lapsed": clock.due_at}
    return min((turns[card] for card in LADDER[LADDER.index(clock.noticed) + 1 :]), default=FAR_FUTURE)


def card_at(row: Case | Task | Clock, moment: datetime | None = None) -> Card:
    """Return the card that a row shows at a moment, from its stored instants."""
    at = moment or now()
    if at >= row.red_at or at > row.due_at:
        return Card.RED
    return Card.AMBER if at >= row.amber_at else Card.GREEN
