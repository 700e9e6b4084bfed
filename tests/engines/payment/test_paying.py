"""Paying: one payment of a bill, whatever channels, clicks, time-outs and notifications do."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from shuzheng.engines.payment import jobs, paying
from shuzheng.engines.payment.actions.bills import CancelBill, ExemptLine
from shuzheng.engines.payment.actions.ordering import CloseOrder, KeepAddress, OpenOrder, ReceivePayment
from shuzheng.engines.payment.errors import AmountDiffers, ChannelDown, NoSuchChannel
from shuzheng.engines.payment.models import Bill, JournalEntry, Order, Receipt, Refund
from shuzheng.engines.payment.policies import MANAGE
from shuzheng.engines.payment.queries import balance
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, NotPermitted
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import at, now
from shuzheng.testing.payment import MemoryChannel
from tests.engines.payment.conftest import PLATFORM, clerk, raise_bill


def told(number: str, amount: int, channel: str = "memory", **more: Any) -> dict[str, Any]:
    """Return what a channel says of a paid order."""
    return {"channel": channel, "number": number, "trade_number": f"T{number}", "amount": amount, "at": now(), **more}


def notify(client: Client, memory: MemoryChannel, number: str) -> int:
    """Let the acquirer notify us, and return the status of our answer."""
    return client.post("/payment/notify/memory", memory.notice(number), content_type="application/json").status_code


def test_a_bill_is_paid_by_its_notification(bill: Bill, payer: Actor, memory: MemoryChannel, client: Client) -> None:
    order = paying.start(payer, bill.pk, "memory")
    assert order.pay_url == f"https://pay.example/{order.number}"
    memory.pay(order.number)
    assert notify(client, memory, order.number) == 200
    bill.refresh_from_db()
    assert bill.state == Bill.State.PAID
    receipt = Receipt.objects.get()
    assert (receipt.amount, len(receipt.check_code)) == (110_00, 6)
    assert balance("clearing:memory") == 110_00
    by_unit = {line.unit_code: line.amount for line in bill.lines.all()}
    assert {code: -balance(f"due:{code}") for code in by_unit} == by_unit
    assert EventRecord.objects.filter(type="payment.bill_paid", subject=str(bill.pk)).count() == 1


def test_a_double_click_leads_to_the_same_order(bill: Bill, payer: Actor, memory: MemoryChannel) -> None:
    first, second = (paying.start(payer, bill.pk, "memory") for _click in range(2))
    assert first.pk == second.pk
    assert len(memory.orders) == 1


def test_two_notifications_book_once(bill: Bill, payer: Actor, memory: MemoryChannel, client: Client) -> None:
    order = paying.start(payer, bill.pk, "memory")
    memory.pay(order.number)
    assert [notify(client, memory, order.number) for _time in range(3)] == [200, 200, 200]
    assert JournalEntry.objects.count() == 1
    assert Receipt.objects.count() == 1


def test_a_forged_notification_books_nothing_and_is_on_record(
    bill: Bill, payer: Actor, memory: MemoryChannel, client: Client
) -> None:
    order = paying.start(payer, bill.pk, "memory")
    forged = json.dumps({"number": order.number, "signed": False})
    answer = client.post("/payment/notify/memory", forged, content_type="application/json")
    assert answer.status_code == 403
    assert not JournalEntry.objects.exists()
    assert AuditRecord.objects.filter(name="payment.notify", result="refused").exists()
    for broken in (b"", b"[]", b"\xff", b'"x"', b"x" * 70_000):
        assert client.post("/payment/notify/memory", broken, content_type="application/json").status_code == 403
    assert client.post("/payment/notify/nobody", b"{}", content_type="application/json").status_code == 404
    assert client.get("/payment/notify/memory").status_code == 405


def test_only_the_platform_books_money(bill: Bill, payer: Actor, memory: MemoryChannel) -> None:
    order = paying.start(payer, bill.pk, "memory")
    for action, given in (
        (ReceivePayment, told(order.number, order.amount)),
        (CloseOrder, {"order_id": order.pk}),
        (KeepAddress, {"order_id": order.pk, "pay_url": "https://evil.example"}),
    ):
        with pytest.raises(NotPermitted):
            action.do(payer, given)


def test_another_amount_is_not_booked(bill: Bill, payer: Actor, memory: MemoryChannel) -> None:
    order = paying.start(payer, bill.pk, "memory")
    with pytest.raises(AmountDiffers):
        ReceivePayment.do(PLATFORM, told(order.number, order.amount - 1))
    assert not JournalEntry.objects.exists()


def test_an_order_that_is_not_ours_is_not_booked(packs: None) -> None:
    with pytest.raises(NotFound):
        ReceivePayment.do(PLATFORM, told("P404", 100))


def test_a_silent_acquirer_costs_nothing_and_may_be_asked_again(
    bill: Bill, payer: Actor, memory: MemoryChannel
) -> None:
    memory.down = True
    with pytest.raises(ChannelDown):
        paying.start(payer, bill.pk, "memory")
    memory.down = False
    order = paying.start(payer, bill.pk, "memory")
    assert Order.objects.count() == 1
    memory.down = True
    memory.pay(order.number)
    assert paying.ask(order).state == Order.State.PENDING
    memory.down = False
    with at(now() + timedelta(seconds=5)):
        assert paying.ask(Order.objects.get()).state == Order.State.RECEIVED


def test_an_answer_that_is_lost_does_not_make_a_second_order(bill: Bill, payer: Actor, memory: MemoryChannel) -> None:
    memory.deaf = True
    with pytest.raises(ChannelDown):
        paying.start(payer, bill.pk, "memory")
    memory.deaf = False
    paying.start(payer, bill.pk, "memory")
    assert len(memory.orders) == Order.objects.count() == 1


def test_an_unknown_channel_is_named(bill: Bill, payer: Actor, memory: MemoryChannel) -> None:
    with pytest.raises(NoSuchChannel):
        paying.start(payer, bill.pk, "cash")
    assert not Order.objects.exists()


def test_a_lost_notification_is_made_up_for(bill: Bill, payer: Actor, memory: MemoryChannel) -> None:
    order = paying.start(payer, bill.pk, "memory")
    memory.pay(order.number)
    jobs.chase()
    assert Order.objects.get().state == Order.State.PENDING  # too young to be chased
    with at(now() + timedelta(minutes=2)):
        jobs.chase()
        jobs.chase()
    bill.refresh_from_db()
    assert bill.state == Bill.State.PAID
    assert JournalEntry.objects.count() == 1


def test_an_order_that_expires_is_closed_at_the_channel(bill: Bill, payer: Actor, memory: MemoryChannel) -> None:
    order = paying.start(payer, bill.pk, "memory")
    with at(now() + timedelta(minutes=31)):
        jobs.chase()
        assert Order.objects.get().state == Order.State.CLOSED
        assert not memory.pay(order.number)
        assert paying.start(payer, bill.pk, "memory").pk != order.pk


def test_money_through_a_second_channel_is_owed_back(bill: Bill, payer: Actor, memory: MemoryChannel) -> None:
    first, second = (OpenOrder.do(payer, bill_id=bill.pk, channel=name) for name in ("memory", "other"))
    for order in (first, second):
        ReceivePayment.do(PLATFORM, told(order.number, order.amount, order.channel))
    refund = Refund.objects.get()
    assert (refund.order_id, refund.reason, refund.state) == (
        second.pk,
        Refund.Reason.DUPLICATE,
        Refund.State.REQUESTED,
    )
    assert balance("returning:other") == -110_00
    assert Receipt.objects.count() == 1


def test_paying_closes_the_order_of_the_other_channel(
    bill: Bill, payer: Actor, memory: MemoryChannel, settings: Any
) -> None:
    settings.PAYMENT_CHANNELS = ["memory", "other"]
    one, two = (paying.start(payer, bill.pk, name) for name in ("memory", "other"))
    ReceivePayment.do(PLATFORM, told(one.number, one.amount))
    jobs.settle_orders({"subject": str(bill.pk)})
    jobs.settle_orders({"subject": str(bill.pk)})
    two.refresh_from_db()
    assert two.state == Order.State.CLOSED


def test_a_late_success_after_cancelling_asks_for_a_refund(
    bill: Bill, payer: Actor, memory: MemoryChannel, client: Client
) -> None:
    order = paying.start(payer, bill.pk, "memory")
    memory.pay(order.number)
    CancelBill.do(PLATFORM, bill_id=bill.pk, reason="申请人撤回")
    assert notify(client, memory, order.number) == 200
    bill.refresh_from_db()
    assert bill.state == Bill.State.CANCELLED
    refund = Refund.objects.get()
    assert (refund.reason, refund.state, refund.requested_by) == (Refund.Reason.LATE, Refund.State.REQUESTED, "系统")
    assert not Receipt.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_notifications_at_once_book_once(bill: Bill, payer: Actor, memory: MemoryChannel) -> None:
    order = paying.start(payer, bill.pk, "memory")
    memory.pay(order.number)
    barrier, statuses = threading.Barrier(4), []

    def deliver() -> None:
        client = Client()
        barrier.wait()
        statuses.append(notify(client, memory, order.number))
        connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 4
    assert JournalEntry.objects.count() == Receipt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_channels_at_once_pay_once(payer: Actor, memory: MemoryChannel) -> None:
    bill = raise_bill(payer)
    orders = [OpenOrder.do(payer, bill_id=bill.pk, channel=name) for name in ("memory", "other")]
    barrier = threading.Barrier(2)

    def receive(order: Order) -> None:
        barrier.wait()
        ReceivePayment.do(PLATFORM, told(order.number, order.amount, order.channel))
        connection.close()

    threads = [threading.Thread(target=receive, args=[order]) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Order.objects.filter(settles=True).count() == 1
    assert Refund.objects.count() == 1
    assert -balance("returning:memory") - balance("returning:other") == 110_00


def test_a_notification_is_four_statements_in_one_transaction(
    bill: Bill, payer: Actor, memory: MemoryChannel, client: Client, django_assert_num_queries: Any
) -> None:
    order = paying.start(payer, bill.pk, "memory")
    memory.pay(order.number)
    with django_assert_num_queries(4 + 2):  # the transaction's own begin and end; here, of a savepoint
        notify(client, memory, order.number)
    with django_assert_num_queries(2 + 2):  # once more: found received, and put on record
        notify(client, memory, order.number)


def test_money_for_a_bill_that_was_reduced_meanwhile_is_owed_back(
    bill: Bill, payer: Actor, memory: MemoryChannel
) -> None:
    order = paying.start(payer, bill.pk, "memory")
    memory.pay(order.number)
    CloseOrder.do(PLATFORM, order_id=order.pk)
    line = bill.lines.get(code="test-occupation")
    ExemptLine.do(
        clerk("收费员", MANAGE), bill_id=bill.pk, line_id=line.pk, ground="low-income", document="低保证 3607"
    )
    received = ReceivePayment.do(PLATFORM, told(order.number, order.amount))
    assert not received.settles
    assert Refund.objects.get().reason == Refund.Reason.LATE
    assert (balance("clearing:memory"), balance("returning:memory")) == (110_00, -110_00)
