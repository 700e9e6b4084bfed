"""Orders: opened by the payer, received or closed by what the channel says."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.payment import ledger, receipts
from shuzheng.engines.payment.errors import AmountDiffers, BillNotOpen, NoSuchBill
from shuzheng.engines.payment.models import Bill, Order, Refund
from shuzheng.engines.payment.numbers import trade_number
from shuzheng.engines.payment.policies import is_payer
from shuzheng.engines.payment.refunding import request_refund
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import EVERYTHING, Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN
from shuzheng.kernel.rows import Changed, find_with

#: How long an order may be paid.
OPEN_FOR = timedelta(minutes=30)
#: An order this close to its end is not handed out again.
MARGIN = timedelta(minutes=2)


class OpenOrderInput(Input):
    """Which bill, by which channel."""

    bill_id: UUID
    channel: str = Field(pattern=r"^[a-z][a-z0-9_]{0,19}$")


class OpenOrder(Action[OpenOrderInput, Order]):
    """Begin to pay a bill (发起支付); again, and a double click, return the order that is already open.

    Raises BillNotOpen, NoSuchBill.
    """

    name = "payment.open_order"
    permission = SIGNED_IN
    title = _("发起支付")

    def perform(self, actor: Actor, given: OpenOrderInput) -> Order:
        """Lock the bill and return its order for the channel."""
        bill = locked_bill(given.bill_id)
        if actor.channel != "system" and not is_payer(actor, bill):
            raise NoSuchBill
        if bill.state != Bill.State.OPEN:
            raise BillNotOpen(state=bill.get_state_display())
        order = Order.objects.filter(bill=bill, channel=given.channel, state=Order.State.PENDING).first()
        if order is not None and order.expires_at > now() + MARGIN:
            return order
        if (
            order is not None
        ):  # too old to hand out; a job closes it at its channel, and should it be paid after all, it is still known
            order.state = Order.State.CLOSED
            order.save(update_fields=["state"])
            self.emit("payment.order_expired", order.pk, channel=order.channel)
        order = Order.objects.create(
            bill=bill,
            channel=given.channel,
            number=trade_number("P"),
            amount=bill.amount,
            expires_at=now() + OPEN_FOR,
        )
        self.about(order, case_id=bill.case_id, division=str(bill.division_path), channel=order.channel)
        return order


class KeepAddressInput(Input):
    """Where the payer pays an order."""

    order_id: UUID
    pay_url: str = Field(min_length=1, max_length=1000)


class KeepAddress(Action[KeepAddressInput, Order]):
    """Keep where an order is paid, as the channel gave it (登记支付地址)."""

    name = "payment.keep_address"
    permission = EVERYTHING
    title = _("登记支付地址")

    def perform(self, actor: Actor, given: KeepAddressInput) -> Order:
        """Store the address."""
        order = Order.objects.get(pk=given.order_id)
        order.pay_url = given.pay_url
        order.save(update_fields=["pay_url"])
        self.about(order)
        return order


class ReceivePaymentInput(Input):
    """What a channel says it received; only genuine notifications, answers and files come here."""

    channel: str = Field(max_length=20)
    #: Our number of the order.
    number: str = Field(min_length=1, max_length=32)
    trade_number: str = Field(min_length=1, max_length=64)
    #: In fen.
    amount: int = Field(gt=0)
    at: datetime


class ReceivePayment(Action[ReceivePaymentInput, Order]):
    """Book money that a channel received (收款入账), once however often it is told.

    The first money for an open bill pays it. Any other — twice, through two channels, after the bill was cancelled or
    reduced — is booked as owed to the payer, with a refund that a person has to approve. Raises NotFound, AmountDiffers.
    """

    name = "payment.receive_payment"
    permission = EVERYTHING
    title = _("收款入账")

    def perform(self, actor: Actor, given: ReceivePaymentInput) -> Order:
        """Lock the bill, then its order, and book: four statements, the last of them the unit of work's."""
        order, bill = find_with(Order, Bill, "bill", lock=True, channel=given.channel, number=given.number)
        if order is None or bill is None:
            raise NotFound
        if order.state == Order.State.RECEIVED:
            return order
        if order.amount != given.amount:
            raise AmountDiffers
        order.state, order.trade_number, order.received_at = Order.State.RECEIVED, given.trade_number, given.at
        order.settles = bill.state == Bill.State.OPEN and bill.amount == order.amount
        self.about(order, case_id=bill.case_id, division=str(bill.division_path), settles=order.settles)
        changed: list[Changed] = [([order], ("state", "trade_number", "received_at", "settles"))]
        if order.settles:
            self._settle(bill, order, changed)
        else:
            self._owe(bill, order, changed)
        return order

    def _settle(self, bill: Bill, order: Order, changed: list[Changed]) -> None:
        bill.state, bill.paid_at = Bill.State.PAID, order.received_at
        number, parts = receipts.prepared(bill)
        due = [ledger.credit(f"due:{unit}", amount, name) for unit, name, amount in parts]
        _book(bill, order, [ledger.debit(f"clearing:{order.channel}", order.amount), *due])
        self.unit.write([receipts.black(bill, number)], [*changed, ([bill], ("state", "paid_at"))])
        self.emit("payment.bill_paid", bill.pk, case_id=str(bill.case_id or ""), number=bill.number, amount=bill.amount)

    def _owe(self, bill: Bill, order: Order, changed: list[Changed]) -> None:
        """Book money that pays nothing, and ask for it to be given back."""
        self.unit.write(changed=changed)
        owed = ledger.credit(f"returning:{order.channel}", order.amount)
        _book(bill, order, [ledger.debit(f"clearing:{order.channel}", order.amount), owed])
        late = bill.state in (Bill.State.OPEN, Bill.State.CANCELLED, Bill.State.WAIVED)
        reason = Refund.Reason.LATE if late else Refund.Reason.DUPLICATE
        refund = request_refund(bill, order, order.amount, reason, key=f"auto:{order.pk}")
        self.emit("payment.refund_requested", refund.pk, bill=str(bill.pk), amount=refund.amount, reason=reason)


def _book(bill: Bill, order: Order, amounts: list[ledger.Amount]) -> None:
    memo = str(_("收款 {number} {channel}")).format(number=bill.number, channel=order.channel)
    ledger.book(f"receive:{order.pk}", memo, amounts, bill_id=bill.pk, case_id=bill.case_id)


class CloseOrderInput(Input):
    """Which order."""

    order_id: UUID


class CloseOrder(Action[CloseOrderInput, Order]):
    """Note that a channel has closed an order (关闭订单); one that was received meanwhile stays received."""

    name = "payment.close_order"
    permission = EVERYTHING
    title = _("关闭订单")

    def perform(self, actor: Actor, given: CloseOrderInput) -> Order:
        """Close a pending order."""
        Order.objects.filter(pk=given.order_id, state=Order.State.PENDING).update(state=Order.State.CLOSED)
        order = Order.objects.get(pk=given.order_id)
        self.about(order)
        return order


def locked_bill(bill_id: UUID) -> Bill:
    """Lock a bill; orders and refunds change under this lock. Raises NoSuchBill."""
    bill = Bill.objects.select_for_update().filter(pk=bill_id).first()
    if bill is None:
        raise NoSuchBill
    return bill
