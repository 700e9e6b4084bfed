"""What every channel of payment offers. Every call may be repeated: numbers are ours, and the channel knows them again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Literal

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.payment.errors import ChannelRefused, StatementUnreadable
from shuzheng.engines.payment.models import Order, Refund


@dataclass(frozen=True)
class OrderReport:
    """What a channel says of an order."""

    state: Literal["paid", "pending", "closed", "unknown"]
    trade_number: str = ""
    #: In fen.
    amount: int = 0
    at: datetime | None = None


@dataclass(frozen=True)
class RefundReport:
    """What a channel says of a refund."""

    state: Literal["done", "pending", "failed", "unknown"]
    channel_number: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Notice:
    """A notification that is genuine: an order was paid, or a refund was made."""

    kind: Literal["order", "refund"]
    #: Our number of the order or refund.
    number: str
    order: OrderReport | None = None
    refund: RefundReport | None = None


@dataclass(frozen=True)
class FileLine:
    """One line of an acquirer's daily file; a line that cannot be read says why in ``problem``."""

    line: int
    kind: Literal["pay", "refund", "bad"]
    number: str = ""
    trade_number: str = ""
    #: In fen, never negative.
    amount: int = 0
    state: str = ""
    problem: str = ""
    #: Day in Asia/Shanghai on which it happened, where the file says so.
    day: date | None = None
    currency: str = "CNY"


@dataclass(frozen=True)
class FileTotal:
    """What the end of a daily file says of it; ``None`` where it says nothing."""

    lines: int | None = None
    #: In fen: payments and refunds together, or each of them.
    amount: int | None = None
    received: int | None = None
    refunded: int | None = None
    #: The day that the file says it is of.
    day: date | None = None


@dataclass(frozen=True)
class Transfer:
    """One payment out of a batch."""

    number: str
    payee: str
    account: str
    amount: int


@dataclass(frozen=True)
class TransferReport:
    """What a channel says of one payment of a batch."""

    number: str
    state: Literal["paid", "failed", "pending", "unknown"]
    channel_number: str = ""
    reason: str = ""


def bounded(chunks: Iterable[bytes]) -> bytes:
    """Return what is downloaded, up to ``STATEMENT_LARGEST`` bytes. Raises StatementUnreadable beyond."""
    parts, size = list[bytes](), 0
    for chunk in chunks:
        size += len(chunk)
        if size > settings.STATEMENT_LARGEST:
            raise StatementUnreadable(str(_("文件超过 {most} MiB")).format(most=settings.STATEMENT_LARGEST // 2**20))
        parts.append(chunk)
    return b"".join(parts)


class PaymentChannel(ABC):
    """A way to pay (支付渠道).

    Calls raise ChannelDown when the channel does not answer in time, and then nobody knows what it did: ask with
    ``query``. They raise ChannelRefused when it answers that it will not.
    """

    name: ClassVar[str]
    #: What people call it.
    title: ClassVar[Any]
    #: Name of an icon.
    icon: ClassVar[str] = "credit-card"

    @property
    def notify_url(self) -> str:
        """Return the address at which the channel tells us of payments and refunds."""
        return settings.PAYMENT_ADDRESS.rstrip("/") + reverse("payment:notify", args=[self.name])

    @abstractmethod
    def prepare(self, order: Order, *, subject: str, notify_url: str, return_url: str) -> str:
        """Announce an order and return where the payer pays: an address, or the text of a code to scan."""

    @abstractmethod
    def query(self, number: str) -> OrderReport:
        """Ask what became of an order."""

    @abstractmethod
    def close(self, number: str) -> OrderReport:
        """Close an order so that it can no longer be paid; returns what it came to, which may be ``paid``."""

    @abstractmethod
    def refund(self, refund: Refund) -> RefundReport:
        """Give money back; ``refund.order`` is loaded."""

    @abstractmethod
    def query_refund(self, refund: Refund) -> RefundReport:
        """Ask what became of a refund."""

    @abstractmethod
    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Return what a notification says. Raises Forged unless the channel signed it."""

    @abstractmethod
    def acknowledgement(self) -> tuple[str, str]:
        """Return content type and body that tell the channel a notification was taken."""

    @abstractmethod
    def statement(self, day: date) -> bytes | None:
        """Fetch the file of a day; ``None`` while there is none yet. Raises StatementUnreadable beyond the limit."""

    @abstractmethod
    def read_statement(self, content: bytes) -> Iterator[FileLine | FileTotal]:
        """Read a file line by line, and its end last; single bad lines are lines of kind ``bad``.

        Raises StatementUnreadable, also after some lines: nothing is believed of a file before it was read to its end.
        """

    def transfer(self, batch: str, transfers: Sequence[Transfer]) -> list[TransferReport]:
        """Pay a batch out. Raises ChannelRefused by a channel that cannot."""
        raise ChannelRefused(reason=str(self.title))

    def query_transfers(self, numbers: Iterable[str]) -> list[TransferReport]:
        """Ask what became of payments of a batch. Raises ChannelRefused by a channel that cannot."""
        raise ChannelRefused(reason=str(self.title))
