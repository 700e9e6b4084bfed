"""What our books have of one day of a channel."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from shuzheng.engines.payment import suspense
from shuzheng.engines.payment.matching import Ours
from shuzheng.engines.payment.models import Order, Refund, Statement
from shuzheng.kernel.moment import ZONE


class DayBooks:
    """What our books have of the numbers in a file, and of its day."""

    def __init__(self, statement: Statement, numbers: list[str]) -> None:
        self.statement = statement
        orders = Order.objects.filter(channel=statement.channel, state=Order.State.RECEIVED)
        refunds = Refund.objects.filter(order__channel=statement.channel, state=Refund.State.DONE).select_related(
            "order"
        )
        self.orders = {order.number: order for order in orders.filter(number__in=numbers)}
        self.refunds = {refund.number: refund for refund in refunds.filter(number__in=numbers)}
        missing = [*self._of_the_day(orders, "received_at"), *self._of_the_day(refunds, "sent_at")]
        self.expected = [row.number for row in missing if row.number not in set(numbers)]
        self.known = {row.number: self._ours(row) for row in [*self.orders.values(), *self.refunds.values(), *missing]}

    def _of_the_day(self, rows: Any, moment: str) -> list[Any]:
        """Return what should be in this file: of its day and in no file yet."""
        begin = datetime.combine(self.statement.day, time.min, ZONE)
        found = rows.filter(statement=None, **{f"{moment}__gte": begin, f"{moment}__lt": begin + timedelta(days=1)})
        return list(found)

    def _ours(self, row: Order | Refund) -> Ours:
        elsewhere = row.statement_id is not None and row.statement_id != self.statement.pk
        if isinstance(row, Order):
            return Ours(row.number, row.amount, row.trade_number, elsewhere)
        return Ours(row.number, -row.amount, row.channel_number, elsewhere)

    def settle(self, number: str) -> None:
        """Book that the acquirer accounted for an order or refund."""
        row = self.orders.get(number) or self.refunds[number]
        if row.statement_id is None:
            row.statement = self.statement
            row.save(update_fields=["statement"])
            suspense.settle(row)
