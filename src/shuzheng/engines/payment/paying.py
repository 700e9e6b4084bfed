"""Talking to channels: begin to pay, ask, close, refund. Never inside a transaction; what is learnt is kept by actions."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings

from shuzheng.engines.payment.actions.ordering import CloseOrder, KeepAddress, OpenOrder, ReceivePayment
from shuzheng.engines.payment.actions.refunds import RecordRefund
from shuzheng.engines.payment.errors import AmountDiffers, ChannelDown, ChannelRefused
from shuzheng.engines.payment.gateways import Notice, OrderReport, RefundReport, channel
from shuzheng.engines.payment.models import Bill, Order, Refund
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.moment import now

PLATFORM = Actor.system("payment")
#: An order is asked about at most this often by pages that wait.
PATIENCE = timedelta(seconds=2)
log = structlog.get_logger()


def start(actor: Actor, bill_id: UUID, channel_name: str, *, return_url: str = "") -> Order:
    """Open an order for a bill and return it with the address where it is paid.

    May be repeated at will: an order that is open is announced again under its number, which charges nobody twice.
    Raises BillNotOpen, NoSuchBill, NoSuchChannel, ChannelDown, ChannelRefused.
    """
    gateway = channel(channel_name)
    order = OpenOrder.do(actor, bill_id=bill_id, channel=channel_name)
    if order.pay_url:
        return order
    address = gateway.prepare(
        order,
        subject=order.bill.title,
        notify_url=gateway.notify_url,
        return_url=return_url or _here(f"/bills/{bill_id}/return/"),
    )
    return KeepAddress.do(PLATFORM, order_id=order.pk, pay_url=address)


def _here(path: str) -> str:
    return settings.PAYMENT_ADDRESS.rstrip("/") + path


def take(channel_name: str, notice: Notice) -> None:
    """Keep what a genuine notification says. Raises NotFound for a number that is not ours."""
    if notice.order is not None:
        _learn(channel_name, notice.number, notice.order)
    if notice.refund is not None:
        refund = Refund.objects.filter(number=notice.number, order__channel=channel_name).first()
        if refund is None:
            raise NotFound
        _learn_refund(refund, notice.refund)


def ask(order: Order) -> Order:
    """Ask the channel about an order and keep what it says; nothing changes while it does not answer."""
    asked = Order.objects.filter(pk=order.pk)
    if order.asked_at is not None and order.asked_at > now() - PATIENCE:
        return order
    asked.update(asked_at=now())
    try:
        report = channel(order.channel).query(order.number)
        _learn(order.channel, order.number, report)
    except (ChannelDown, ChannelRefused) as trouble:
        log.warning("payment_channel_silent", channel=order.channel, order=order.number, trouble=trouble.code)
    return asked.get()


def close(order: Order) -> None:
    """Have the channel close an order; if it was paid after all, that is kept instead. Raises ChannelDown, ChannelRefused."""
    report = channel(order.channel).close(order.number)
    if report.state == "unknown":  # never announced: there is nothing to be paid
        report = OrderReport("closed")
    _learn(order.channel, order.number, report)


def settle_orders(bill: Bill) -> None:
    """Close what is still open of a bill that is paid or cancelled. Raises ChannelDown, so that the job is repeated."""
    for order in Order.objects.filter(bill=bill, state=Order.State.PENDING):
        close(order)


def chase(order: Order) -> None:
    """Find out about an order that nothing was heard of; close it once it has expired."""
    if order.expires_at < now():
        close(order)
    else:
        ask(order)


def send(refund: Refund) -> None:
    """Have the channel make an approved refund; again is harmless. Raises ChannelDown."""
    if refund.state != Refund.State.APPROVED:
        return
    gateway = channel(refund.order.channel)
    first = refund.sent_at is None
    Refund.objects.filter(pk=refund.pk).update(sent_at=now())
    try:
        report = gateway.refund(refund) if first else gateway.query_refund(refund)
        if report.state == "unknown":
            report = gateway.refund(refund)
    except ChannelRefused as refusal:
        report = RefundReport("failed", reason=str(refusal))
    _learn_refund(refund, report)


def _learn(channel_name: str, number: str, report: OrderReport) -> None:
    """Keep what a channel says of an order."""
    if report.state == "paid":
        try:
            ReceivePayment.do(
                PLATFORM,
                channel=channel_name,
                number=number,
                trade_number=report.trade_number,
                amount=report.amount,
                at=report.at or now(),
            )
        except AmountDiffers:
            log.error("payment_amount_differs", channel=channel_name, order=number, amount=report.amount)
            raise
    elif report.state == "closed":
        order = Order.objects.filter(channel=channel_name, number=number, state=Order.State.PENDING).first()
        if order is not None:
            CloseOrder.do(PLATFORM, order_id=order.pk)


def _learn_refund(refund: Refund, report: RefundReport) -> None:
    if report.state in ("done", "failed"):
        RecordRefund.do(
            PLATFORM,
            refund_id=refund.pk,
            state=report.state,
            channel_number=report.channel_number,
            reason=report.reason[:300],
        )
