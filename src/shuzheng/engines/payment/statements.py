"""Daily files as a whole (对账文件): whether one is complete, of its day and in our currency, before a line is believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.utils.translation import gettext as _

from shuzheng.engines.payment.errors import StatementUnreadable
from shuzheng.engines.payment.gateways.channel import FileLine, FileTotal, PaymentChannel

#: Lines that are matched together.
TOGETHER = 1000


@dataclass
class _Tally:
    """What the lines of a file come to."""

    lines: int = 0
    bad: int = 0
    foreign: int = 0
    dated: int = 0
    other_days: int = 0
    received: int = 0
    refunded: int = 0

    def add(self, line: FileLine, day: date) -> None:
        self.lines += 1
        self.bad += line.kind == "bad"
        self.foreign += line.currency != "CNY"
        self.dated += line.day is not None
        self.other_days += line.day not in (None, day)
        self.received += line.amount if line.kind == "pay" else 0
        self.refunded += line.amount if line.kind == "refund" else 0


def check(gateway: PaymentChannel, content: bytes, day: date) -> int:
    """Read a file to its end and return how many lines it has. Raises StatementUnreadable, and says why.

    Acquirers cut their days a little differently, so single lines of a neighbouring day are no reason; most of them are.
    """
    tally, total = _Tally(), FileTotal()
    for found in gateway.read_statement(content):
        if isinstance(found, FileTotal):
            total = found
        else:
            tally.add(found, day)
    if total.day not in (None, day) or tally.other_days * 2 > max(tally.dated, 1):
        raise StatementUnreadable(_("这是另一天的文件，不是 {day} 的").format(day=day.isoformat()))
    if tally.lines and tally.foreign == tally.lines:
        raise StatementUnreadable(_("文件里没有人民币交易"))
    if total.lines not in (None, tally.lines):
        raise StatementUnreadable(
            _("合计行是 {said} 笔，文件里有 {found} 笔").format(said=total.lines, found=tally.lines)
        )
    if not tally.bad and not _adds_up(total, tally):
        raise StatementUnreadable(_("合计行的金额与各行相加不一致"))
    return tally.lines


def _adds_up(total: FileTotal, tally: _Tally) -> bool:
    said = (total.amount, total.received, total.refunded)
    found = (tally.received + tally.refunded, tally.received, tally.refunded)
    return all(one is None or one == other for one, other in zip(said, found, strict=True))


def parts(gateway: PaymentChannel, content: bytes) -> Iterator[list[FileLine]]:
    """Return the lines of a file that was checked, some at a time. Raises StatementUnreadable."""
    lines = (line for line in gateway.read_statement(content) if isinstance(line, FileLine))
    while part := list(islice(lines, TOGETHER)):
        yield part
