"""The pages of money: residents', clerks', bookkeepers'."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.payment import jobs, paying, reconciling
from shuzheng.engines.payment.gateways import Notice
from shuzheng.engines.payment.models import Bill, Discrepancy, Order, PayoutBatch, Receipt, Refund
from shuzheng.engines.payment.numbers import is_bill_number
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel import pauses
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import at, now, today
from shuzheng.kernel.pauses import Pause
from shuzheng.testing.identity import a_browser, a_resident, a_role, a_unit, actor_of_person, an_officer
from shuzheng.testing.payment import MemoryChannel
from tests.engines.payment.conftest import raise_bill

CASHIER = ["payment.read", "payment.manage_bills", "payment.request_refund", "payment.make_payout"]
TREASURER = ["payment.read", "payment.approve_refund", "payment.check_payout"]
BOOKKEEPER = ["payment.read", "payment.reconcile", "payment.release_payout"]


def desk(name: str, permissions: list[str]) -> Client:
    """Return the browser of an official with a role."""
    role = a_role(f"role-{len(permissions)}-{permissions[-1]}", permissions)
    officer = an_officer(name, unit=a_unit("finance"), posts=["handler"], roles=[role], scope="36.3607.360702")
    return a_browser(officer.account)


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


def seen(browser: Client, url: str, status: int = 200, **query: Any) -> str:
    """Open a page and return its text."""
    answer = browser.get(url, query)
    assert answer.status_code == status, (url, answer.status_code)
    return answer.content.decode()


def test_a_resident_finds_pays_and_keeps_the_receipt(browser: Client, payer: Actor, memory: MemoryChannel) -> None:
    assert "还没有缴款书" in seen(browser, "/bills/")
    bill = raise_bill(payer)
    assert "110.00" in seen(browser, "/bills/", show="open")
    page = seen(browser, f"/bills/{bill.pk}/")
    for words in (
        "城市道路占用费",
        "《城市道路管理条例》第三十七条",
        "人民币壹佰壹拾元整",
        "占用按面积和天数",
        "待缴款",
    ):
        assert words in page
    answer = browser.post(f"/bills/{bill.pk}/pay", {"channel": "memory"})
    order = Order.objects.get()
    assert (answer.status_code, answer["Refresh"]) == (200, f"0;url={order.pay_url}")
    waiting = seen(browser, f"/bills/{bill.pk}/return/")
    assert "正在向支付渠道确认" in waiting
    assert "钱已经收到" not in waiting
    assert "渠道还没有给出结果" in seen(browser, f"/bills/{bill.pk}/return/", looked="20")
    memory.pay(order.number)
    with at(now() + timedelta(seconds=5)):
        assert "钱已经收到" in seen(browser, f"/bills/{bill.pk}/return/")
    receipt = Receipt.objects.get()
    assert receipt.number in seen(browser, f"/bills/{bill.pk}/")
    assert "人民币壹佰壹拾元整" in seen(browser, f"/receipts/{receipt.pk}/")
    for form, start in (("ofd", b"PK"), ("pdf", b"%PDF")):
        assert browser.get(f"/receipts/{receipt.pk}/receipt.{form}").content.startswith(start)
    assert browser.post(f"/bills/{bill.pk}/pay", {"channel": "memory"})["Location"] == f"/bills/{bill.pk}/"


def test_a_channel_that_is_down_says_so_and_keeps_the_bill_open(
    browser: Client, payer: Actor, memory: MemoryChannel
) -> None:
    bill = raise_bill(payer)
    memory.down = True
    answer = browser.post(f"/bills/{bill.pk}/pay", {"channel": "memory"})
    assert answer.status_code == 503
    assert "支付渠道暂时没有响应" in answer.content.decode()
    assert Bill.objects.get().state == Bill.State.OPEN


def test_nobody_opens_the_pages_of_another(payer: Actor, memory: MemoryChannel) -> None:
    bill = raise_bill(payer)
    other = a_browser(a_resident("王五").account)
    for url in (f"/bills/{bill.pk}/", f"/bills/{bill.pk}/return/"):
        assert other.get(url).status_code == 404
    assert other.post(f"/bills/{bill.pk}/pay", {"channel": "memory"}).status_code == 404
    assert Client().get("/bills/").status_code == 302
    for url in ("bills/", "refunds/", "reconciliation/", "balance/", "payouts/new/"):
        assert other.get(f"/office/{url}").status_code == 403


def test_two_officials_give_money_back(browser: Client, payer: Actor, memory: MemoryChannel) -> None:
    bill = raise_bill(payer)
    order = paying.start(payer, bill.pk, "memory")
    memory.pay(order.number)
    paying.take("memory", Notice("order", order.number, order=memory.query(order.number)))
    cashier, treasurer = desk("收费员", CASHIER), desk("财务", TREASURER)
    listed = seen(cashier, "/office/bills/", q=bill.number)
    assert bill.number in listed
    assert "李梅" not in listed
    Bill.objects.filter(pk=bill.pk).update(case_number="=HYPERLINK(1)", payer_kind="legal", payer_name="+赣州公司")
    exported = seen(cashier, "/office/bills/export/")
    assert f"\t{bill.number}" in exported
    assert ",'=HYPERLINK(1),'+赣州公司," in exported
    assert AuditRecord.objects.get(name="office.export_bills").detail == {"count": 1}
    Bill.objects.filter(pk=bill.pk).update(payer_kind="person", payer_name="李梅")
    assert "李梅" not in exported
    page = seen(cashier, f"/office/bills/{bill.pk}/")
    assert "clearing:memory" in page
    cashier.post(f"/office/bills/{bill.pk}/do/refund", {"amount": "12.345"})
    assert not Refund.objects.exists()
    cashier.post(f"/office/bills/{bill.pk}/do/refund", {"amount": "12.34", "note": "多算了"})
    refund = Refund.objects.get()
    assert refund.amount == 12_34
    assert cashier.post(f"/office/refunds/{refund.pk}/do/approve").status_code == 403
    assert "多算了" in seen(treasurer, "/office/refunds/")
    treasurer.post(f"/office/refunds/{refund.pk}/do/approve")
    jobs.send_refund({"subject": str(refund.pk)})
    assert "部分退付" in seen(browser, f"/bills/{bill.pk}/")
    assert "没有这样的退付" in seen(treasurer, "/office/refunds/", show="failed")
    assert cashier.post(f"/office/bills/{bill.pk}/do/nonsense").status_code == 404


def test_a_clerk_reduces_and_cancels_an_open_bill(payer: Actor) -> None:
    bill, cashier = raise_bill(payer), desk("收费员", CASHIER)
    line = bill.lines.get(code="test-occupation")
    given = {"line_id": str(line.pk), "ground": "low-income", "document": "低保证 36070200123"}
    cashier.post(f"/office/bills/{bill.pk}/do/exempt", given)
    assert "低保证 36070200123" in seen(cashier, f"/office/bills/{bill.pk}/")
    cashier.post(f"/office/bills/{bill.pk}/do/cancel", {"reason": "重复开单"})
    bill.refresh_from_db()
    assert (bill.state, bill.amount) == (Bill.State.CANCELLED, 10_00)


def test_two_bookkeepers_claim_and_write_off(payer: Actor, memory: MemoryChannel) -> None:
    order = paying.start(payer, raise_bill(payer).pk, "memory")
    memory.pay(order.number)
    paying.take("memory", Notice("order", order.number, order=memory.query(order.number)))
    memory.orders.clear()
    difference = reconciling.reconcile("memory", today()).discrepancies.get()
    one, other = desk("会计一", BOOKKEEPER), desk("会计二", BOOKKEEPER)
    page, act = f"/office/reconciliation/{difference.statement_id}/", f"/office/reconciliation/settle/{difference.pk}/"
    one.post(f"{act}claim")
    assert "已认领" in seen(other, page)
    other.post(act, {"resolution": "acquirer", "note": "渠道补划到账"})
    one.post(act, {"resolution": "absorb", "note": "渠道已注销，无法追回"})
    assert "由另一位同志复核" in seen(one, page)
    one.post(f"{act}confirm")
    other.post(f"{act}send-back", {"note": "再问一次渠道"})
    one.post(act, {"resolution": "absorb", "note": "渠道已注销，无法追回"})
    other.post(f"{act}confirm")
    difference.refresh_from_db()
    assert (difference.state, difference.resolution) == ("settled", "absorb")
    assert other.post(f"{act}nonsense").status_code == 404


def test_a_bookkeeper_reconciles_and_settles_by_hand(payer: Actor, memory: MemoryChannel) -> None:
    order = paying.start(payer, raise_bill(payer).pk, "memory")
    memory.pay(order.number)
    paying.take("memory", Notice("order", order.number, order=memory.query(order.number)))
    memory.orders.clear()
    keeper = desk("会计", BOOKKEEPER)
    assert "还没有对过账" in seen(keeper, "/office/reconciliation/")
    answer = keeper.post("/office/reconciliation/run/", {"channel": "memory", "day": today().isoformat()})
    day = seen(keeper, answer["Location"])
    assert "短款：我方有、渠道无" in day
    assert order.number in day
    difference = reconciling.reconcile("memory", today()).discrepancies.get()
    keeper.post(f"/office/reconciliation/settle/{difference.pk}/", {"resolution": "acquirer", "note": "渠道补划到账"})
    assert "渠道补划到账" in seen(keeper, answer["Location"])
    assert "已对平" in seen(keeper, "/office/reconciliation/")
    assert "渠道补划到账" in seen(keeper, f"{answer['Location']}export/")
    Discrepancy.objects.update(note="=1+1")
    assert ",'=1+1," in seen(keeper, f"{answer['Location']}export/")
    for form, begin in (("ofd", b"PK"), ("pdf", b"%PDF")):
        assert keeper.get(f"{answer['Location']}day.{form}").content.startswith(begin)
    taken = AuditRecord.objects.filter(name="office.export_reconciliation", subject_id=str(difference.statement_id))
    assert [one.detail["form"] for one in taken.order_by("id")] == ["csv", "csv", "ofd", "pdf"]
    balance = seen(keeper, "/office/balance/")
    assert "借贷平衡" in balance
    assert "clearing:memory" in balance
    assert "收款" in seen(keeper, "/office/balance/clearing:memory/")
    assert keeper.get("/office/balance/nothing:here/").status_code == 404
    assert keeper.post("/office/reconciliation/run/", {"channel": "memory", "day": "2099-01-01"}).status_code == 302
    assert keeper.post("/office/reconciliation/run/", {"channel": "nobody", "day": "2026-13-99"}).status_code == 302


def test_three_officials_pay_out(packs: None, memory: MemoryChannel) -> None:
    cashier, treasurer, keeper = desk("收费员", CASHIER), desk("财务", TREASURER), desk("会计", BOOKKEEPER)
    given = {"programme": "高龄津贴", "title": "11 月高龄津贴", "channel": "memory"}
    bad = cashier.post("/office/payouts/new/", {**given, "rows": "姓名,账号,金额\n张三,1,1\n"})
    assert bad.status_code == 422
    assert "第 2 行" in bad.content.decode()
    cashier.post(
        "/office/payouts/new/", {**given, "rows": "姓名,账号,金额\n张三丰,6222020001,300\n李四,6222020000,200\n"}
    )
    batch = PayoutBatch.objects.get()
    url = f"/office/payouts/{batch.pk}/"
    assert "等待另一位同志办理" in seen(cashier, url)
    treasurer.post(f"{url}do/check")
    keeper.post(f"{url}do/release")
    jobs.send_payout({"subject": str(batch.pk)})
    page = seen(keeper, url)
    assert "账户已销户" in page
    assert "张三丰" not in page
    assert "只重发失败的" in page
    batch.lines.filter(state="failed").update(failure="@账户已销户")
    exported = seen(keeper, f"{url}export/", state="failed")
    assert ",'@账户已销户" in exported
    assert AuditRecord.objects.get(name="office.export_payouts", subject_id=str(batch.pk)).detail == {"count": 1}
    assert "账户已销户" in exported
    assert "李四" not in exported
    assert cashier.post(f"{url}do/leave", {"note": "账户销户，改发现金"}).status_code == 302
    assert batch.lines.filter(state="failed").exists()  # not by whoever made it
    keeper.post(f"{url}do/leave", {"note": "账户销户，改发现金"})
    assert not batch.lines.filter(state="failed").exists()
    assert "账户销户，改发现金" in seen(keeper, url)
    assert "11 月高龄津贴" in seen(treasurer, "/office/payouts/")
    assert keeper.post(f"{url}do/nonsense").status_code == 404


@pytest.mark.parametrize("count", [2, 8])
def test_lists_cost_the_same_however_long(
    browser: Client, payer: Actor, memory: MemoryChannel, django_assert_max_num_queries: Any, count: int
) -> None:
    for _bill in range(count):
        raise_bill(payer)
    seen(browser, "/bills/")
    with django_assert_max_num_queries(14):
        seen(browser, "/bills/")
    assert all(is_bill_number(bill.number) for bill in Bill.objects.all())


def test_while_paying_is_paused_the_button_gives_way_to_reason_and_time(
    browser: Client, payer: Actor, memory: MemoryChannel
) -> None:
    bill = raise_bill(payer)
    page = f"/bills/{bill.pk}/"
    assert f"{page}pay" in seen(browser, page)
    paused = Pause(
        service="payment",
        notice="网上缴费暂停。原因：收单银行系统故障。",
        starts_at=now(),
        ends_at=now() + timedelta(hours=1),
        actions=frozenset({"payment.open_order"}),
        banner=False,
    )
    pauses.replace([paused])
    try:
        text = seen(browser, page)
        assert f"{page}pay" not in text
        assert f"收单银行系统故障。预计 {paused.until} 恢复" in text
        assert browser.post(f"{page}pay", {"channel": "memory"}).status_code == 503
    finally:
        pauses.replace([])
