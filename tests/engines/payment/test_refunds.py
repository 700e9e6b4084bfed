"""Refunds: asked for by one, approved by another, made once, booked once, with a red receipt."""

from __future__ import annotations

from uuid import uuid4

import pytest

from shuzheng.engines.payment import jobs, paying
from shuzheng.engines.payment.actions.bills import ReleaseBills
from shuzheng.engines.payment.actions.refund_requests import RequestRefund
from shuzheng.engines.payment.actions.refunds import DecideRefund, RecordRefund, RetryRefund
from shuzheng.engines.payment.errors import BillNotOpen, ChannelDown, OwnRefund, RefundDecided, RefundTooLarge
from shuzheng.engines.payment.gateways import Notice
from shuzheng.engines.payment.models import Bill, Order, Receipt, Refund
from shuzheng.engines.payment.policies import APPROVE_REFUND, REQUEST_REFUND
from shuzheng.engines.payment.queries import balance, refunds
from shuzheng.engines.payment.receipts import face
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.testing.payment import MemoryChannel
from tests.engines.payment.conftest import PLATFORM, clerk, raise_bill


def paid(payer: Actor, memory: MemoryChannel, **given: object) -> Bill:
    """Return a bill that was paid."""
    bill = raise_bill(payer, **given)
    order = paying.start(payer, bill.pk, "memory")
    memory.pay(order.number)
    paying.take("memory", Notice("order", order.number, order=memory.query(order.number)))
    bill.refresh_from_db()
    assert bill.state == Bill.State.PAID
    return bill


@pytest.fixture
def asker(packs: None) -> Actor:
    """Return who may ask for refunds, and also approve them."""
    return clerk("申请员", REQUEST_REFUND, APPROVE_REFUND)


@pytest.fixture
def approver(packs: None) -> Actor:
    """Return who may approve refunds."""
    return clerk("审批员", APPROVE_REFUND)


def test_a_whole_refund_undoes_the_books_and_makes_a_red_receipt(
    payer: Actor, memory: MemoryChannel, asker: Actor, approver: Actor
) -> None:
    bill = paid(payer, memory)
    refund = RequestRefund.do(asker, bill_id=bill.pk, reason="overpaid", note="标准算错")
    assert [r.pk for r in refunds(approver).items] == [refund.pk]
    DecideRefund.do(approver, refund_id=refund.pk, approved=True)
    for _time in range(2):
        jobs.send_refund({"subject": str(refund.pk)})
    bill.refresh_from_db()
    assert (bill.state, bill.refunded) == (Bill.State.REFUNDED, 110_00)
    accounts = ["clearing:memory", "returning:memory", *(f"due:{line.unit_code}" for line in bill.lines.all())]
    assert [balance(account) for account in accounts] == [0, 0, 0, 0]
    red = Receipt.objects.get(refund_id=refund.pk)
    black = Receipt.objects.get(takes_back=None)
    assert (red.amount, red.takes_back) == (-110_00, black)
    assert face(red)["capitals"] == "负人民币壹佰壹拾元整"
    assert black.number in face(red)["note"]


def test_parts_are_taken_from_the_lines_in_order_and_never_twice(
    payer: Actor, memory: MemoryChannel, asker: Actor, approver: Actor
) -> None:
    bill = paid(payer, memory)
    first, second = bill.lines.order_by("sequence")
    for amount in (99_00, 6_00):
        refund = RequestRefund.do(asker, bill_id=bill.pk, amount=amount, reason="overpaid")
        DecideRefund.do(approver, refund_id=refund.pk, approved=True)
        jobs.send_refund({"subject": str(refund.pk)})
    bill.refresh_from_db()
    assert (bill.state, bill.refunded) == (Bill.State.PARTLY_REFUNDED, 105_00)
    assert (balance(f"due:{first.unit_code}"), balance(f"due:{second.unit_code}")) == (0, -5_00)
    with pytest.raises(RefundTooLarge, match=r"5\.00"):
        RequestRefund.do(asker, bill_id=bill.pk, amount=5_01, reason="overpaid")


def test_nobody_approves_what_they_asked_for_and_no_machine_does(
    payer: Actor, memory: MemoryChannel, asker: Actor
) -> None:
    bill = paid(payer, memory)
    refund = RequestRefund.do(asker, bill_id=bill.pk, reason="overpaid")
    with pytest.raises(OwnRefund):
        DecideRefund.do(asker, refund_id=refund.pk, approved=True)
    for approved in (True, False):
        with pytest.raises(NotPermitted):
            DecideRefund.do(PLATFORM, refund_id=refund.pk, approved=approved)
    with pytest.raises(NotPermitted):
        DecideRefund.do(payer, refund_id=refund.pk, approved=True)
    with pytest.raises(NotPermitted):
        DecideRefund.do(clerk("外区", APPROVE_REFUND, scope="36.3604"), refund_id=refund.pk, approved=True)


def test_a_declined_refund_frees_the_money_for_another(
    payer: Actor, memory: MemoryChannel, asker: Actor, approver: Actor
) -> None:
    bill = paid(payer, memory)
    refund = RequestRefund.do(asker, bill_id=bill.pk, reason="overpaid")
    with pytest.raises(RefundTooLarge):
        RequestRefund.do(asker, bill_id=bill.pk, amount=1, reason="overpaid")
    DecideRefund.do(approver, refund_id=refund.pk, approved=False, note="标准没有错")
    with pytest.raises(RefundDecided):
        DecideRefund.do(approver, refund_id=refund.pk, approved=True)
    assert RequestRefund.do(asker, bill_id=bill.pk, reason="overpaid").amount == 110_00


def test_a_refund_whose_answer_is_lost_is_made_once(
    payer: Actor, memory: MemoryChannel, asker: Actor, approver: Actor
) -> None:
    bill = paid(payer, memory)
    refund = RequestRefund.do(asker, bill_id=bill.pk, reason="overpaid")
    DecideRefund.do(approver, refund_id=refund.pk, approved=True)
    memory.deaf = True
    with pytest.raises(ChannelDown):
        jobs.send_refund({"subject": str(refund.pk)})
    memory.deaf, memory.down = False, True
    jobs.chase()
    memory.down = False
    jobs.chase()
    assert Refund.objects.get().state == Refund.State.DONE
    assert len(memory.refunds) == 1


def test_a_refund_that_the_channel_refuses_waits_for_a_person(
    payer: Actor, memory: MemoryChannel, asker: Actor, approver: Actor
) -> None:
    bill = paid(payer, memory)
    refund = RequestRefund.do(asker, bill_id=bill.pk, reason="overpaid")
    DecideRefund.do(approver, refund_id=refund.pk, approved=True)
    held = memory.orders[Order.objects.get().number]
    held.refunded = held.amount
    jobs.send_refund({"subject": str(refund.pk)})
    refund.refresh_from_db()
    assert (refund.state, "超过可退金额" in refund.failure) == (Refund.State.FAILED, True)
    held.refunded = 0
    RetryRefund.do(approver, refund_id=refund.pk, approved=True)
    jobs.send_refund({"subject": str(refund.pk)})
    refund.refresh_from_db()
    assert refund.state == Refund.State.DONE
    assert RecordRefund.do(PLATFORM, refund_id=refund.pk, state="failed").state == Refund.State.DONE  # a late lie


def test_a_withdrawn_case_asks_for_its_money_back(payer: Actor, memory: MemoryChannel, approver: Actor) -> None:
    case = uuid4()
    bill = paid(payer, memory, case_id=case)
    assert ReleaseBills.do(PLATFORM, case_id=case, reason="申请人撤回").refunds == 1
    assert ReleaseBills.do(PLATFORM, case_id=case).refunds == 0
    refund = Refund.objects.get()
    assert (refund.reason, refund.amount, refund.state) == (Refund.Reason.WITHDRAWN, 110_00, Refund.State.REQUESTED)
    DecideRefund.do(approver, refund_id=refund.pk, approved=True)
    jobs.send_refund({"subject": str(refund.pk)})
    bill.refresh_from_db()
    assert bill.state == Bill.State.REFUNDED


def test_what_was_not_paid_is_not_refunded(bill: Bill, asker: Actor) -> None:
    with pytest.raises(BillNotOpen):
        RequestRefund.do(asker, bill_id=bill.pk, reason="overpaid")
