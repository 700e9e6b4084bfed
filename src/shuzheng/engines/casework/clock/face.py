"""What a clock shows at one moment."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from shuzheng.engines.casework.clock.ladder import Card
from shuzheng.engines.casework.clock.timeline import Refusal, Suspension


class State(StrEnum):
    """Where a clock stands."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    SUSPENDED = "suspended"
    STOPPED = "stopped"
    LAPSED = "lapsed"


class Reading(NamedTuple):
    """What a clock shows at one moment. Instants are aware, in legal local time; amounts are in what the rule's unit counts."""

    state: State
    #: Digest of the calendar that it was computed with.
    calendar: str
    started: datetime | None = None
    stopped: datetime | None = None
    #: The last instant that is in time; ``None`` before the start and while suspended, when nobody can know it.
    due: datetime | None = None
    #: The due instant, or while suspended what it would be if counting resumed at once ("not before", 最早).
    not_before: datetime | None = None
    #: Limit with its extensions.
    total: int = 0
    #: Units added by extensions.
    extended: int = 0
    #: Units counted, the present one included; never more than the total.
    counted: float = 0
    #: Units left after the present one; negative, the units too late.
    remaining: float = 0
    card: Card = Card.GREEN
    #: When the card turns; ``None`` if it does not or while suspended.
    amber_at: datetime | None = None
    red_at: datetime | None = None
    #: The limit passed, whether or not the clock was stopped afterwards.
    late: bool = False
    #: A day between start and due lies in a year whose holidays are not announced (暂定).
    provisional: bool = False
    suspensions: tuple[Suspension, ...] = ()
    #: Events without effect, and why, by id.
    refused: tuple[Refusal, ...] = ()

    @property
    def due_day(self) -> date | None:
        """Return the local day of the due instant."""
        return self.due.date() if self.due else None
