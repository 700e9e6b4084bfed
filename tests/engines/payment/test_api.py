"""The HTTP API of payment: one's own bills and money, an office's bills and days, and who may not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.payment import paying, reconciling
from shuzheng.engines.payment.gateways import Notice
from shuzheng.engines.payment.models import Bill, Order, Receipt, Refund
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import today
from shuzheng.testing.identity import a_browser, a_resident, actor_of_person
from shuzheng.testing.payment import MemoryChannel
from tests.engines.payment.conftest import raise_bill
from tests.engines.payment.test_pages import BOOKKEEPER, CASHIER, desk

ROOT = "/api/payment"


@pytest.fixture
def person(packs: None) -> Any:
    """Return a resident."""
    return a_resident("李梅")


@pytest.fixture
def payer(person: Any) -> Actor:
    """Return the resident acting for herself."""
    return actor_of_person(person)


@pytest.fixture
def browser(person: Any) -> Client:
    """Return the resident's browser."""
    return a_browser(person.account)


def got(browser: Client, path: str, status: int = 200, **query: Any) -> Any:
    """Return what the API answers."""
    answer = browser.get(ROOT + path, query)
    assert answer.status_code == status, (path, answer.status_code, answer.content[:300])
    return answer.json()


def sent(browser: Client, path: str, status: int = 200, **given: Any) -> Any:
    """Send JSON and return the answer."""
    answer = browser.post(ROOT + path, json.dumps(given), content_type="application/json")
    assert answer.status_code == status, (path, answer.status_code, answer.content[:300])
    return answer.json()


def paid(payer: Actor, memory: MemoryChannel) -> Bill:
    """Return a bill that was paid."""
    order = paying.start(payer, raise_bill(payer).pk, "memory")
    memory.pay(order.number)
    paying.take("memory", Notice("order", order.number, order=memory.query(order.number)))
    return Bill.objects.get(pk=order.bill_id)


def test_a_resident_pays_and_asks_for_money_back(browser: Client, payer: Actor, memory: MemoryChannel) -> None:
    bill = raise_bill(payer)
    assert got(browser, "/channels") == [{"name": "memory", "title": "内存收单机构"}]
    listed = got(browser, "/bills", show="open")["items"]
    assert [(row["number"], row["amount"], row["is_overdue"]) for row in listed] == [(bill.number, 110_00, False)]
    order = sent(browser, f"/bills/{bill.pk}/orders", channel="memory")
    assert order["pay_url"].endswith(order["number"])
    assert sent(browser, f"/bills/{bill.pk}/orders", channel="memory")["number"] == order["number"]
    memory.pay(order["number"])
    assert got(browser, f"/orders/{order['number']}")["state"] == "received"
    whole = got(browser, f"/bills/{bill.pk}")
    assert (whole["state"], len(whole["lines"]), len(whole["receipts"])) == ("paid", 2, 1)
    asked = sent(browser, f"/bills/{bill.pk}/refunds", reason="overpaid", note="面积量多了", amount=10_00)
    assert (asked["state"], asked["source"]) == ("requested", "payer")
    assert sent(browser, f"/bills/{bill.pk}/refunds", reason="overpaid", note="面积量多了", amount=10_00) == asked
    assert got(browser, f"/refunds/{asked['number']}")["amount"] == 10_00
    assert Refund.objects.count() == 1
    sent(browser, f"/bills/{bill.pk}/refunds", 409, reason="overpaid", note="全部退给我", amount=200_00)
    sent(browser, f"/bills/{bill.pk}/refunds", 422, reason="overpaid", note="")
    sent(browser, f"/bills/{bill.pk}/orders", 409, channel="memory")


def test_nobody_reads_or_moves_the_money_of_another(browser: Client, payer: Actor, memory: MemoryChannel) -> None:
    bill = paid(payer, memory)
    number = Order.objects.get().number
    other = a_browser(a_resident("王五").account)
    for path in (f"/bills/{bill.pk}", f"/orders/{number}", "/refunds/R0"):
        assert got(other, path, 404)["code"]
    sent(other, f"/bills/{bill.pk}/orders", 404, channel="memory")
    sent(other, f"/bills/{bill.pk}/refunds", 404, reason="overpaid", note="把别人的钱给我")
    for path in ("/office/bills", "/office/statements"):
        got(other, path, 403)
        got(Client(), path, 401)
    got(Client(), "/bills", 401)
    assert not Refund.objects.exists()


def test_an_office_sees_its_bills_by_state_and_its_reads_are_recorded(payer: Actor, memory: MemoryChannel) -> None:
    bill = paid(payer, memory)
    raise_bill(payer)
    cashier, elsewhere = desk("收费员", CASHIER), a_browser(a_resident("赵六").account)
    listed = got(cashier, "/office/bills", state="paid")["items"]
    assert [(row["number"], row["payer"]) for row in listed] == [(bill.number, "李*")]
    assert got(cashier, "/office/bills", state="overdue") == {"items": [], "next": None}
    got(cashier, "/office/bills", 422, state="nonsense")
    assert got(cashier, f"/bills/{bill.pk}")["payer_name"] == "李梅"
    assert AuditRecord.objects.filter(name="api.payment.bill", kind="read").count() == 1
    got(elsewhere, f"/bills/{bill.pk}", 404)


def test_a_bookkeeper_reads_what_reconciliation_came_to(payer: Actor, memory: MemoryChannel) -> None:
    paid(payer, memory)
    memory.orders.clear()
    statement = reconciling.reconcile("memory", today())
    keeper = desk("会计", BOOKKEEPER)
    assert [(row["state"], row["open"]) for row in got(keeper, "/office/statements")["items"]] == [("different", 1)]
    whole = got(keeper, f"/office/statements/{statement.pk}")
    assert [(d["kind"], d["ours"], d["state"]) for d in whole["differences"]] == [("short", 110_00, "open")]


def test_anybody_verifies_a_receipt_by_its_numbers_and_learns_nothing_of_the_payer(
    payer: Actor, memory: MemoryChannel
) -> None:
    paid(payer, memory)
    receipt = Receipt.objects.get()
    path = f"/receipts/{receipt.code}/{receipt.number}"
    told = got(Client(), path, check_code=receipt.check_code)
    assert (told["amount"], told["taken_back"], told["is_void"]) == (110_00, 0, False)
    assert "李梅" not in json.dumps(told, ensure_ascii=False)
    wrong = f"{(int(receipt.check_code) + 1) % 10**6:06d}"
    assert got(Client(), path, 404, check_code=wrong)["code"] == "no-such-receipt"
    got(Client(), path, 422, check_code="1")


@pytest.mark.parametrize("count", [2, 7])
def test_lists_cost_the_same_however_long(
    browser: Client, payer: Actor, memory: MemoryChannel, django_assert_max_num_queries: Any, count: int
) -> None:
    for _bill in range(count):
        raise_bill(payer)
    cashier = desk("收费员", CASHIER)
    for who, path in ((browser, "/bills"), (cashier, "/office/bills")):
        got(who, path)
        with django_assert_max_num_queries(6):
            assert len(got(who, path)["items"]) == count
