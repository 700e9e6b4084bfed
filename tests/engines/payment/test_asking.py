"""Payers ask for their money back, people decide; what is due is reminded of, what is overdue becomes a to-do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from shuzheng.engines.identity.models import Person
from shuzheng.engines.messaging.models import Message
from shuzheng.engines.payment import jobs, paying
from shuzheng.engines.payment.actions.bills import ReleaseBills
from shuzheng.engines.payment.actions.due import ExtendBill, NoteOverdue, RemindPayer
from shuzheng.engines.payment.actions.refund_requests import ApplyForRefund
from shuzheng.engines.payment.actions.refunds import DecideRefund
from shuzheng.engines.payment.errors import (
    BillNotOpen,
    NoSuchBill,
    OwnRefund,
    ReasonMissing,
    RefundTooLarge,
    SameDecider,
)
from shuzheng.engines.payment.gateways import Notice
from shuzheng.engines.payment.models import Bill, BillLine, Order, Receipt, Refund
from shuzheng.engines.payment.policies import APPROVE_REFUND, MANAGE
from shuzheng.engines.payment.queries import overdue_count, standings
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import InvalidInput
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import at, now, today
from shuzheng.testing.identity import a_browser, a_firm, a_mandate, a_resident, actor_of_person
from shuzheng.testing.payment import MemoryChannel
from tests.engines.payment.conftest import PLATFORM, clerk, raise_bill
from tests.engines.payment.test_pages import CASHIER, TREASURER, desk, seen

CASE = "0199b000-0000-7000-8000-000000000001"


def paid(payer: Actor, memory: MemoryChannel, **given: Any) -> Bill:
    """Return a bill that was paid."""
    order = paying.start(payer, raise_bill(payer, **given).pk, "memory")
    memory.pay(order.number)
    paying.take("memory", Notice("order", order.number, order=memory.query(order.number)))
    return Bill.objects.get(pk=order.bill_id)


def asked(payer: Actor, bill: Bill, amount: int = 20_00) -> Refund:
    """Return a refund that its payer asked for."""
    return ApplyForRefund.do(payer, bill_id=bill.pk, amount=amount, reason="overpaid", note="面积量多了")


def test_a_payer_asks_and_a_person_decides(payer: Actor, memory: MemoryChannel) -> None:
    bill = paid(payer, memory)
    refund = asked(payer, bill)
    assert (refund.source, refund.state) == (Refund.Source.PAYER, Refund.State.REQUESTED)
    assert asked(payer, bill).pk == refund.pk
    officer = clerk("审批员", APPROVE_REFUND)
    with pytest.raises(ReasonMissing):
        DecideRefund.do(officer, refund_id=refund.pk, approved=False)
    DecideRefund.do(officer, refund_id=refund.pk, approved=False, note="面积经复核无误")
    told = EventRecord.objects.get(type="payment.refund_declined")
    assert told.data["reason"] == "面积经复核无误"
    assert Order.objects.get().refunding == 0
    with pytest.raises(RefundTooLarge):
        asked(payer, bill, 110_01)
    with pytest.raises(NoSuchBill):
        asked(actor_of_person(a_resident("王五")), bill)
    with pytest.raises(BillNotOpen):
        asked(payer, raise_bill(payer))


def test_nobody_decides_on_money_of_their_own(payer: Actor, memory: MemoryChannel) -> None:
    officer = clerk("审批员", APPROVE_REFUND)
    bill = paid(payer, memory)
    Bill.objects.filter(pk=bill.pk).update(operator_id=officer.person_id)
    with pytest.raises(OwnRefund):
        DecideRefund.do(officer, refund_id=asked(payer, bill).pk, approved=True)


@pytest.mark.parametrize("by", ["representative", "mandate"])
def test_nobody_decides_on_money_of_a_firm_they_act_for(payer: Actor, memory: MemoryChannel, by: str) -> None:
    officer = clerk("审批员", APPROVE_REFUND)
    person, owner = Person.objects.get(pk=officer.person_id), a_resident("赵六")
    firm = a_firm(representative=person if by == "representative" else owner)
    refund = asked(payer, paid(payer, memory))
    Bill.objects.update(payer_kind="legal", payer_id=firm.pk)
    if by == "mandate":
        a_mandate(firm, person)
    with pytest.raises(OwnRefund):
        DecideRefund.do(officer, refund_id=refund.pk, approved=True)


def test_refunds_of_one_payment_are_weighed_together(payer: Actor, memory: MemoryChannel, settings: Any) -> None:
    settings.REFUND_SECOND = 30_00
    bill = paid(payer, memory)
    one, other = clerk("审批员", APPROVE_REFUND), clerk("处长", APPROVE_REFUND)
    first = asked(payer, bill, 20_00)
    assert DecideRefund.do(one, refund_id=first.pk, approved=True).state == Refund.State.APPROVED
    declined = asked(payer, bill, 15_00)
    DecideRefund.do(one, refund_id=declined.pk, approved=False, note="面积经复核无误")
    fits = asked(payer, bill, 10_00)
    assert DecideRefund.do(one, refund_id=fits.pk, approved=True).state == Refund.State.APPROVED
    more = asked(payer, bill, 19_00)
    assert DecideRefund.do(one, refund_id=more.pk, approved=True).state == Refund.State.SECOND
    assert DecideRefund.do(other, refund_id=more.pk, approved=True).state == Refund.State.APPROVED


def test_above_the_limit_two_people_approve(payer: Actor, memory: MemoryChannel, settings: Any) -> None:
    settings.REFUND_SECOND = 10_00
    refund = asked(payer, paid(payer, memory))
    one, other = clerk("审批员", APPROVE_REFUND), clerk("处长", APPROVE_REFUND)
    assert DecideRefund.do(one, refund_id=refund.pk, approved=True).state == Refund.State.SECOND
    assert not EventRecord.objects.filter(type="payment.refund_approved").exists()
    with pytest.raises(SameDecider):
        DecideRefund.do(one, refund_id=refund.pk, approved=True)
    done = DecideRefund.do(other, refund_id=refund.pk, approved=True)
    assert (done.state, done.decided_by, done.second_by) == (Refund.State.APPROVED, one.name, other.name)
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.update(second_id=one.account_id)
    jobs.send_refund({"subject": str(refund.pk)})
    assert Bill.objects.get().refunded == 20_00


@pytest.mark.parametrize(
    ("ground", "share", "wanted"), [("refused", "0.5", 50_00), ("refused", "0", 0), ("withdrawn", "1", 100_00)]
)
def test_a_case_that_ends_gives_back_what_its_charges_say(
    payer: Actor, memory: MemoryChannel, ground: str, share: str, wanted: int
) -> None:
    case = uuid4()
    bill = paid(payer, memory, case_id=case)
    BillLine.objects.filter(bill=bill).update(given_back={ground: "0"})
    BillLine.objects.filter(bill=bill, code="test-occupation").update(given_back={ground: share})
    for _time in range(2):
        if ground == "refused":
            jobs.release_refused({"subject": str(case), "data": {"kind": "refused"}})
        else:
            ReleaseBills.do(PLATFORM, case_id=case)
    found = [(r.amount, r.reason, r.state) for r in Refund.objects.all()]
    assert found == ([(wanted, ground, Refund.State.REQUESTED)] if wanted else [])


def test_a_granted_case_keeps_its_fee_and_a_refused_one_cancels_what_is_open(payer: Actor) -> None:
    case = uuid4()
    bill = raise_bill(payer, case_id=case)
    jobs.release_refused({"subject": str(case), "data": {"kind": "granted"}})
    bill.refresh_from_db()
    assert bill.state == Bill.State.OPEN
    jobs.release_refused({"subject": str(case), "data": {"kind": "refused"}})
    bill.refresh_from_db()
    assert (bill.state, bill.reason) == (Bill.State.CANCELLED, "申请未获准予")


def test_what_is_due_is_reminded_of_once_and_what_is_overdue_becomes_a_to_do(payer: Actor) -> None:
    bill = raise_bill(payer, due_days=10, remind_days=2)
    quiet = raise_bill(payer, due_days=10, on_overdue="remind")
    start = now()
    said: list[tuple[int, str]] = []
    for day in range(13):
        with at(start + timedelta(days=day)):
            for _time in range(2):
                jobs.watch_due_days()
            new = EventRecord.objects.filter(subject=str(bill.pk), type__startswith="payment.bill_").order_by("time")
            said += [(day, event.type) for event in new[len(said) + 1 :]]
    assert said == [(8, "payment.bill_due"), (11, "payment.bill_overdue")]
    bill.refresh_from_db()
    assert bill.state == Bill.State.OPEN  # nothing is decided by a clock
    officer = clerk("收费员", MANAGE)
    with at(start + timedelta(days=12)):
        assert overdue_count(officer) == 1
        assert Bill.objects.get(pk=quiet.pk).is_overdue
        ExtendBill.do(officer, bill_id=bill.pk, due_on=today() + timedelta(days=5), reason="申请人住院")
        assert overdue_count(officer) == 0
        for wrong in (today(), today() + timedelta(days=500)):
            with pytest.raises(InvalidInput):
                ExtendBill.do(officer, bill_id=bill.pk, due_on=wrong, reason="再晚一些")
        jobs.watch_due_days()
    with at(start + timedelta(days=16)):
        jobs.watch_due_days()
    assert EventRecord.objects.filter(type="payment.bill_due", subject=str(bill.pk)).count() == 2
    for action in (RemindPayer, NoteOverdue):
        action.do(PLATFORM, bill_id=raise_bill(payer).pk)  # too early: nothing is said


def test_the_messages_say_day_and_reason(payer: Actor) -> None:
    bill = raise_bill(payer)
    data = {"amount": 110_00, "due_on": "2026-12-01"}
    for kind, more in (
        ("bill_due", data),
        ("bill_overdue", data),
        ("refund_declined", {"amount": 1_00, "reason": "材料不全"}),
    ):
        for _time in range(2):
            jobs.tell_payer({"type": f"payment.{kind}", "subject": str(bill.pk), "data": more})
    bodies = list(Message.objects.order_by("created_at").values_list("body", flat=True))
    assert len(bodies) == 3
    assert "2026年12月1日" in bodies[0]
    assert "材料不全" in bodies[2]


def test_a_case_says_in_a_line_how_its_bills_stand(
    payer: Actor, memory: MemoryChannel, django_assert_num_queries: Any
) -> None:
    cases = [uuid4() for _case in range(4)]
    bills = [raise_bill(payer, case_id=cases[0], due_days=1), *(paid(payer, memory, case_id=c) for c in cases[1:])]
    asked(payer, bills[2])
    back = asked(payer, bills[3], 110_00)
    DecideRefund.do(clerk("审批员", APPROVE_REFUND), refund_id=back.pk, approved=True)
    jobs.send_refund({"subject": str(back.pk)})
    with django_assert_num_queries(1):
        found = standings(cases)
    assert [found[case][0].word for case in cases] == ["open", "paid", "refunding", "refunded"]
    with at(now() + timedelta(days=3)):
        assert standings(cases[:1])[cases[0]][0].word == "overdue"
    assert standings([]) == {}


def test_an_order_that_is_too_old_is_closed_at_its_channel(payer: Actor, memory: MemoryChannel) -> None:
    bill = raise_bill(payer)
    order = paying.start(payer, bill.pk, "memory")
    with at(now() + timedelta(minutes=29)):
        assert paying.start(payer, bill.pk, "memory").pk != order.pk
        event = EventRecord.objects.get(type="payment.order_expired")
        for _time in range(2):
            jobs.close_order({"subject": event.subject})
    assert memory.orders[order.number].state == "closed"
    assert not memory.pay(order.number)


def test_the_pages_of_a_refund(payer: Actor, memory: MemoryChannel, settings: Any) -> None:
    settings.REFUND_SECOND = 10_00
    person = a_resident("李梅")
    bill = paid(actor_of_person(person), memory)
    browser, url = a_browser(person.account), f"/bills/{bill.pk}/refund/"
    assert "申请退款" in seen(browser, f"/bills/{bill.pk}/")
    assert "最多可退 110.00 元" in seen(browser, url)
    for wrong in ({"amount": "12.345"}, {"amount": "500"}, {"reason": "nonsense"}, {"note": "错"}):
        given = {"amount": "20", "reason": "overpaid", "note": "面积量多了", **wrong}
        assert browser.post(url, given).status_code in (409, 422)
    assert browser.post(url, {"amount": "20", "reason": "overpaid", "note": "面积量多了"}).status_code == 302
    assert a_browser(a_resident("王五").account).get(url).status_code == 404
    refund = Refund.objects.get()
    one, other = desk("财务一", TREASURER), desk("财务二", TREASURER)
    assert "面积量多了" in seen(one, "/office/refunds/")
    one.post(f"/office/refunds/{refund.pk}/do/decline", {"note": ""})
    assert Refund.objects.get().state == Refund.State.REQUESTED
    one.post(f"/office/refunds/{refund.pk}/do/approve")
    assert "您已批过" in seen(one, "/office/refunds/", show="second")
    other.post(f"/office/refunds/{refund.pk}/do/approve")
    assert Refund.objects.get().state == Refund.State.APPROVED
    assert other.post(f"/office/refunds/{refund.pk}/do/nonsense").status_code == 404
    jobs.send_refund({"subject": str(refund.pk)})
    assert "已冲红 20.00 元" in seen(browser, f"/receipts/{Receipt.objects.get(takes_back=None).pk}/")


def test_anybody_verifies_a_receipt_on_a_page(payer: Actor, memory: MemoryChannel) -> None:
    bill = paid(payer, memory)
    receipt, visitor = Receipt.objects.get(), Client()
    given = {"code": receipt.code, "number": receipt.number, "check_code": receipt.check_code}
    page = seen(visitor, "/receipts/verify/", **given)
    assert "真实有效" in page
    assert bill.payer_name not in page
    assert "三组数字都要填" in seen(visitor, "/receipts/verify/", code=receipt.code)
    assert "没有查到" in seen(visitor, "/receipts/verify/", 404, **{**given, "check_code": "000000"})
    back = asked(payer, bill, 110_00)
    DecideRefund.do(clerk("审批员", APPROVE_REFUND), refund_id=back.pk, approved=True)
    jobs.send_refund({"subject": str(back.pk)})
    assert "已经全部冲红" in seen(visitor, "/receipts/verify/", **given)


def test_an_office_finds_and_extends_what_is_overdue(payer: Actor) -> None:
    bill, cashier = raise_bill(payer), desk("收费员", CASHIER)
    Bill.objects.update(due_on=today() - timedelta(days=1))
    assert bill.number in seen(cashier, "/office/bills/", state="overdue")
    assert "已逾期" in seen(cashier, f"/office/bills/{bill.pk}/")
    day = (today() + timedelta(days=9)).isoformat()
    cashier.post(f"/office/bills/{bill.pk}/do/extend", {"due_on": day, "reason": "申请人住院"})
    assert bill.number not in seen(cashier, "/office/bills/", state="overdue")
    bill.refresh_from_db()
    assert bill.due_on.isoformat() == day
