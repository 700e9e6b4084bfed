"""Background work with money. Each job may run twice: actions book once, and channels know our numbers again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db.models import DateField, ExpressionWrapper, F
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from shuzheng.engines.payment import paying, payouts, reconciling, telling
from shuzheng.engines.payment.actions.bills import ReleaseBills
from shuzheng.engines.payment.actions.due import NoteOverdue, RemindPayer
from shuzheng.engines.payment.errors import ChannelDown, ChannelRefused
from shuzheng.engines.payment.gateways import channels
from shuzheng.engines.payment.models import Bill, Order, Refund
from shuzheng.kernel.moment import now, today

#: An order is chased once it is this old.
YOUNG = timedelta(minutes=1)
BATCH = 200
REMINDED_FROM = ExpressionWrapper(F("due_on") - F("remind_days"), output_field=DateField())
#: A channel that is down is tried again after 2, 4, 8 … seconds, for about an hour; then the minutely chase goes on.
AGAIN = RetryStrategy(max_attempts=11, exponential_wait=2, retry_exceptions={ChannelDown})
log = structlog.get_logger()


@app.task(name="payment.settle_orders", queue="payment", retry=AGAIN)
def settle_orders(event: dict[str, Any]) -> None:
    """Close the other orders of a bill that was paid or cancelled; a second run finds none open."""
    bill = Bill.objects.filter(pk=UUID(event["subject"])).first()
    if bill is not None:
        paying.settle_orders(bill)


@app.task(name="payment.close_order", queue="payment", retry=AGAIN)
def close_order(event: dict[str, Any]) -> None:
    """Close an order at its channel that was given up; closed twice is closed, and paid after all is booked."""
    order = Order.objects.filter(pk=UUID(event["subject"])).exclude(state=Order.State.RECEIVED).first()
    if order is not None:
        paying.close(order)


@app.task(name="payment.release_refused", queue="payment")
def release_refused(event: dict[str, Any]) -> None:
    """Propose to give back what a refused case paid, where its charges say so; a second run finds it proposed."""
    if event["data"].get("kind") == "refused":
        ReleaseBills.do(paying.PLATFORM, case_id=UUID(event["subject"]), ground="refused")


@app.periodic(cron="10 8 * * *")
@app.task(name="payment.watch_due_days", queue="payment", queueing_lock="payment.watch_due_days")
def watch_due_days(timestamp: int = 0) -> None:
    """Remind payers of what is due soon and note what is overdue; who was reminded is not reminded again."""
    open_ = Bill.objects.filter(state=Bill.State.OPEN)
    soon = open_.annotate(from_day=REMINDED_FROM).filter(reminded_at=None, due_on__gte=today(), from_day__lte=today())
    for id in soon.values_list("pk", flat=True).iterator(BATCH):
        RemindPayer.do(paying.PLATFORM, bill_id=id)
    for id in open_.filter(overdue_at=None, due_on__lt=today()).values_list("pk", flat=True).iterator(BATCH):
        NoteOverdue.do(paying.PLATFORM, bill_id=id)


@app.task(name="payment.send_refund", queue="payment", retry=AGAIN)
def send_refund(event: dict[str, Any]) -> None:
    """Make an approved refund; the channel knows its number again."""
    refund = Refund.objects.select_related("order").filter(pk=UUID(event["subject"])).first()
    if refund is not None:
        paying.send(refund)


@app.periodic(cron="* * * * *")
@app.task(name="payment.chase", queue="payment", queueing_lock="payment.chase")
def chase(timestamp: int = 0) -> None:
    """Find out about orders, refunds and payouts of which nothing was heard; what is settled is not asked about again."""
    orders = Order.objects.filter(state=Order.State.PENDING, created_at__lt=now() - YOUNG).order_by("created_at")
    for order in orders[:BATCH]:
        _patiently(paying.chase, order)
    refunds = Refund.objects.filter(state=Refund.State.APPROVED).select_related("order").order_by("requested_at")
    for refund in refunds[:BATCH]:
        _patiently(paying.send, refund)
    for batch in payouts.unfinished()[:BATCH]:
        _patiently(payouts.send, batch)


def _patiently(act: Any, subject: Any) -> None:
    """Do it; a channel that is silent or unwilling does not keep the rest waiting."""
    try:
        act(subject)
    except (ChannelDown, ChannelRefused) as trouble:
        log.warning("payment_channel_silent", subject=str(subject), trouble=trouble.code)


@app.periodic(cron="20 9 * * *")
@app.task(name="payment.reconcile", queue="payment", queueing_lock="payment.reconcile")
def reconcile(timestamp: int = 0, day: str | None = None) -> None:
    """Match the acquirers' files of yesterday and of the week before; again changes only what has changed."""
    last = date.fromisoformat(day) if day else today() - timedelta(days=1)
    for gateway in channels():
        for back in range(6, -1, -1):
            reconciling.reconcile(gateway.name, last - timedelta(days=back))


@app.task(name="payment.send_payout", queue="payment", retry=AGAIN)
def send_payout(event: dict[str, Any]) -> None:
    """Send a released batch; the channel knows each line's number again."""
    payouts.send(payouts.batch(UUID(event["subject"])))


@app.task(name="payment.tell_payer", queue="messages")
def tell_payer(event: dict[str, Any]) -> None:
    """Tell the payer what became of a bill; the message's topic lets nobody be told twice."""
    telling.tell_payer(event)
