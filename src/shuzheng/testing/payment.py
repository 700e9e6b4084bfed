"""Channels for tests: an acquirer in memory that behaves as real ones do, and misbehaves when told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shuzheng.engines.payment.errors import ChannelDown, ChannelRefused, Forged, StatementUnreadable
from shuzheng.engines.payment.gateways import (
    FileLine,
    FileTotal,
    Notice,
    OrderReport,
    PaymentChannel,
    RefundReport,
    Transfer,
    TransferReport,
)
from shuzheng.engines.payment.models import Order, Refund
from shuzheng.kernel.moment import local, now


@dataclass
class _Held:
    """An order as the acquirer has it."""

    amount: int
    state: str = "pending"
    trade_number: str = ""
    at: datetime | None = None
    refunded: int = 0

    def report(self) -> OrderReport:
        """Return what the acquirer says of it."""
        state: Any = self.state
        return OrderReport(state, self.trade_number, self.amount, self.at)


class MemoryChannel(PaymentChannel):
    """An acquirer in memory. ``pay`` is what the payer does; ``down`` and ``deaf`` are its faults."""

    name = "memory"
    title = "内存收单机构"

    def __init__(self) -> None:
        """Begin with nothing, and willing."""
        self.orders: dict[str, _Held] = {}
        self.refunds: dict[str, tuple[str, int]] = {}
        self.transfers: dict[str, TransferReport] = {}
        #: Answers nothing.
        self.down = False
        #: Does what it is asked, and loses the answer.
        self.deaf = False

    def pay(self, number: str, at: datetime | None = None) -> bool:
        """Pay an order as a person would; say whether money was taken."""
        held = self.orders.get(number)
        if held is None or held.state != "pending":
            return False
        held.state, held.trade_number, held.at = "paid", f"T{number}", at or now()
        return True

    def notice(self, number: str) -> bytes:
        """Return the genuine notification of a paid order."""
        return json.dumps({"number": number, "signed": True}).encode()

    def _answer(self) -> None:
        if self.deaf:
            raise ChannelDown

    def _hear(self) -> None:
        if self.down:
            raise ChannelDown

    def prepare(self, order: Order, *, subject: str, notify_url: str, return_url: str) -> str:
        """Take an order."""
        self._hear()
        self.orders.setdefault(order.number, _Held(order.amount))
        self._answer()
        return f"https://pay.example/{order.number}"

    def query(self, number: str) -> OrderReport:
        """Say what became of an order."""
        self._hear()
        held = self.orders.get(number)
        return held.report() if held else OrderReport("unknown")

    def close(self, number: str) -> OrderReport:
        """Close an order unless it was paid."""
        self._hear()
        held = self.orders.get(number)
        if held is None:
            return OrderReport("unknown")
        if held.state == "pending":
            held.state = "closed"
        self._answer()
        return held.report()

    def refund(self, refund: Refund) -> RefundReport:
        """Give money back once."""
        self._hear()
        held = self.orders[refund.order.number]
        if refund.number not in self.refunds:
            if held.refunded + refund.amount > held.amount:
                raise ChannelRefused(reason="超过可退金额")
            held.refunded += refund.amount
            self.refunds[refund.number] = (refund.order.number, refund.amount)
        self._answer()
        return RefundReport("done", f"R{refund.number}")

    def query_refund(self, refund: Refund) -> RefundReport:
        """Say what became of a refund."""
        self._hear()
        return RefundReport("done", f"R{refund.number}") if refund.number in self.refunds else RefundReport("unknown")

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Read what ``notice`` made. Raises Forged."""
        told = json.loads(body)
        if not told.get("signed"):
            raise Forged
        return Notice("order", told["number"], order=self.orders[told["number"]].report())

    def acknowledgement(self) -> tuple[str, str]:
        """Say that it was taken."""
        return "text/plain", "OK"

    def statement(self, day: date) -> bytes | None:
        """Return the file of a day."""
        self._hear()
        lines = [
            {"kind": "pay", "number": number, "trade_number": held.trade_number, "amount": held.amount, "state": "paid"}
            for number, held in self.orders.items()
            if held.state == "paid" and held.at and local(held.at).date() == day
        ]
        return json.dumps(lines).encode()

    def read_statement(self, content: bytes) -> Iterator[FileLine | FileTotal]:
        """Read a file. Raises StatementUnreadable."""
        try:
            lines = [FileLine(place, **line) for place, line in enumerate(json.loads(content), 2)]
        except (ValueError, TypeError) as error:
            raise StatementUnreadable(str(error)) from error
        yield from lines
        yield FileTotal(len(lines))

    def transfer(self, batch: str, transfers: Sequence[Transfer]) -> list[TransferReport]:
        """Pay each line once; accounts that end in 0000 are closed."""
        self._hear()
        for one in transfers:
            closed = one.account.endswith("0000")
            report = (
                TransferReport(one.number, "failed", reason="账户已销户")
                if closed
                else TransferReport(one.number, "paid", f"P{one.number}")
            )
            self.transfers.setdefault(one.number, report)
        self._answer()
        return [self.transfers[one.number] for one in transfers]

    def query_transfers(self, numbers: Iterable[str]) -> list[TransferReport]:
        """Say what became of lines."""
        self._hear()
        return [self.transfers.get(number, TransferReport(number, "unknown")) for number in numbers]


class OtherChannel(MemoryChannel):
    """A second acquirer."""

    name = "other"
    title = "另一家收单机构"
