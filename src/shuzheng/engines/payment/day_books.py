"""What our books have of one day of a channel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from shuzheng.engines.payment import ledger, suspense
from shuzheng.engines.payment.matching import Ours
from shuzheng.engines.payment.models import Order, Refund, Statement
from shuzheng.engines.payment.refunding import booked_shares
from shuzheng.kernel.moment import ZONE


class DayBooks:
    """What our books have of the numbers in a part of a file."""

    def __init__(self, statement: Statement, numbers: Iterable[str]) -> None:
        """Read the orders and refunds of these numbers, of whatever day."""
        self.statement, wanted = statement, list(numbers)
        orders, refunds = _orders(statement), _refunds(statement)
        self.orders = {o.number: o for o in orders.filter(number__in=wanted).prefetch_related("bill__lines")}
        self.refunds = {r.number: r for r in refunds.filter(number__in=wanted)}
        self.known = {row.number: _ours(row, statement) for row in [*self.orders.values(), *self.refunds.values()]}

    def settle(self, numbers: Iterable[str]) -> None:
        """Book that the acquirer accounted for orders and refunds; those of another file were booked with it."""
        rows: list[Order | Refund] = [self.orders.get(number) or self.refunds[number] for number in numbers]
        fresh = [row for row in rows if row.statement_id is None]
        orders = [row for row in fresh if isinstance(row, Order)]
        refunds = [row for row in fresh if isinstance(row, Refund)]
        for kind, of_kind in ((Order, orders), (Refund, refunds)):
            kind.objects.filter(pk__in=[row.pk for row in of_kind]).update(statement=self.statement)
        shares = booked_shares(refunds)
        drafts = [suspense.settlement(row, shares.get(row.pk, [])) for row in fresh]
        ledger.book_all(drafts)


def unaccounted(statement: Statement, seen: set[str]) -> dict[str, Ours]:
    """Return what should be in a day's file and is not: of its day, in no other file, and not seen in this one."""
    begin = datetime.combine(statement.day, time.min, ZONE)
    found: dict[str, Ours] = {}
    for rows, moment in ((_orders(statement), "received_at"), (_refunds(statement), "sent_at")):
        of_day = rows.filter(statement=None, **{f"{moment}__gte": begin, f"{moment}__lt": begin + timedelta(days=1)})
        found.update({row.number: _ours(row, statement) for row in of_day.iterator(1000) if row.number not in seen})
    return found


def _orders(statement: Statement) -> Any:
    return Order.objects.filter(channel=statement.channel, state=Order.State.RECEIVED).select_related("bill")


def _refunds(statement: Statement) -> Any:
    rows = Refund.objects.filter(order__channel=statement.channel, state=Refund.State.DONE)
    return rows.select_related("order", "bill")


def _ours(row: Order | Refund, statement: Statement) -> Ours:
    elsewhere = row.statement_id is not None and row.statement_id != statement.pk
    if isinstance(row, Order):
        return Ours(row.number, row.amount, row.trade_number, elsewhere)
    return Ours(row.number, -row.amount, row.channel_number, elsewhere)
