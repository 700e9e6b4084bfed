"""What every channel is: it takes notices and says what became of each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import structlog

log = structlog.get_logger()


@dataclass(frozen=True)
class Notice:
    """What goes to one address; free of personal data."""

    #: Id of the delivery: the same for every attempt, so that a provider can tell a repetition.
    id: UUID
    address: str
    title: str
    text: str


@dataclass(frozen=True)
class Outcome:
    """What became of handing a notice over."""

    #: ``sent``; ``retry`` where the channel was down; ``refused`` where trying again is of no use.
    state: Literal["sent", "retry", "refused"]
    provider: str = ""
    #: What the provider calls it.
    reference: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Receipt:
    """What a provider reports later of a notice it took."""

    #: The provider's name for it, or ours where it gives that back.
    reference: str
    delivered: bool
    at: datetime
    reason: str = ""


class ChannelGateway(ABC):
    """Takes notices to one kind of address."""

    @abstractmethod
    def send(self, notices: Sequence[Notice]) -> list[Outcome]:
        """Hand notices over and return an outcome for each, in their order; never raises for what a provider does."""


class LogChannel(ChannelGateway):
    """Writes to the log where a real provider would send; the address stays out of it."""

    def send(self, notices: Sequence[Notice]) -> list[Outcome]:
        """Log the notices."""
        for notice in notices:
            log.info("notice", title=notice.title, text=notice.text)
        return [Outcome("sent", "log", str(notice.id)) for notice in notices]


class FailingChannel(ChannelGateway):
    """A channel that never works, for tests and drills."""

    def send(self, notices: Sequence[Notice]) -> list[Outcome]:
        """Take nothing."""
        return [Outcome("retry", "failing", reason="drill") for _notice in notices]
