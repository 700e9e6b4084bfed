"""Every page of money in a real browser, on a phone and at a desk: accessible, within the window, without errors."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site

from shuzheng.engines.payment import gateways, jobs, paying, reconciling
from shuzheng.engines.payment.actions.payouts import CheckBatch, MakeBatch, ReleaseBatch
from shuzheng.engines.payment.actions.refund_requests import RequestRefund
from shuzheng.engines.payment.gateways import Notice
from shuzheng.engines.payment.models import Bill, PayoutBatch, Receipt
from shuzheng.kernel.moment import today
from shuzheng.sandbox.acquirer import Acquirer
from shuzheng.testing.browser import DESK, PHONE, Visitor, chromium, is_ready
from shuzheng.testing.identity import PASSWORD, a_resident, a_role, a_unit, actor_of_person, an_officer
from shuzheng.testing.payment import MemoryChannel
from tests.engines.payment.conftest import DIVISION, clerk, raise_bill

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not is_ready(Path(site.NODE_MODULES)), reason="no browser or no front-end packages"),
]
#: Set it to a folder to keep pictures.
PICTURES = os.environ.get("SHUZHENG_PICTURES", "")
ROWS = "姓名,账号,金额\n张三丰,6222020001,300\n李四,6222020000,200\n"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start the browser once; Django's guard against database access from its event loop is lifted meanwhile."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium() as running:
        yield running
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def addresses(packs: None, memory: MemoryChannel) -> dict[str, list[str]]:
    """Return pages with something on them, by the user name of whoever may open them."""
    person = a_resident("李梅")
    payer = actor_of_person(person)
    open_, paid = raise_bill(payer), raise_bill(payer)
    order = paying.start(payer, paid.pk, "memory")
    memory.pay(order.number)
    paying.take("memory", Notice("order", order.number, order=memory.query(order.number)))
    everything = ["payment.read", "payment.manage_bills", "payment.request_refund", "payment.approve_refund"]
    everything += ["payment.reconcile", "payment.make_payout", "payment.check_payout", "payment.release_payout"]
    RequestRefund.do(clerk("申请员", *everything), bill_id=paid.pk, amount=12_34, reason="overpaid", note="面积量多了")
    memory.orders[order.number].amount += 7
    statement = reconciling.reconcile("memory", today())
    people = [clerk(name, *everything) for name in ("制单员", "复核员", "放款员")]
    given = {"programme": "高龄津贴", "title": "11 月高龄津贴", "channel": "memory", "division_code": DIVISION}
    batch = MakeBatch.do(people[0], {**given, "rows": ROWS})
    CheckBatch.do(people[1], batch_id=batch.pk)
    ReleaseBatch.do(people[2], batch_id=batch.pk)
    jobs.send_payout({"subject": str(batch.pk)})
    role = a_role("all-money", everything)
    officer = an_officer("周会计", unit=a_unit("finance"), posts=["handler"], roles=[role])
    assert (Bill.objects.count(), PayoutBatch.objects.count()) == (2, 1)
    receipt = Receipt.objects.get()
    return {
        person.account.username: [
            "/bills/", f"/bills/{open_.pk}/", f"/bills/{paid.pk}/", f"/bills/{paid.pk}/return/",
            f"/bills/{open_.pk}/return/?looked=20", f"/receipts/{receipt.pk}/", f"/bills/{paid.pk}/refund/",
            f"/receipts/verify/?code={receipt.code}&number={receipt.number}&check_code={receipt.check_code}",
        ],
        officer.account.username: [
            "/office/bills/", f"/office/bills/{paid.pk}/", f"/office/bills/{open_.pk}/", "/office/refunds/",
            "/office/reconciliation/", f"/office/reconciliation/{statement.pk}/", "/office/balance/",
            "/office/balance/clearing:memory/", "/office/payouts/", f"/office/payouts/{batch.pk}/", "/office/payouts/new/",
            "/office/bills/?state=overdue", "/office/refunds/?show=all",
        ],
    }  # fmt: skip


def test_a_resident_pays_at_the_acquirer_and_comes_back(
    browser: Any, live_server: Any, packs: None, settings: Any, tmp_path: Path
) -> None:
    acquirer = Acquirer(tmp_path, "secret", port=0).start()
    settings.SANDBOX_ACQUIRER, settings.SANDBOX_SECRET = acquirer.address, "secret"
    settings.PAYMENT_CHANNELS, settings.PAYMENT_ADDRESS = ["sandbox"], live_server.url
    gateways._load.cache_clear()
    person = a_resident("李梅")
    bill = raise_bill(actor_of_person(person))
    visitor = Visitor(browser, live_server.url, PHONE, name=person.account.username, password=PASSWORD)
    visitor.open(f"/bills/{bill.pk}/")
    visitor.tap("用演示收单机构缴款")
    visitor.page.wait_for_url(f"{acquirer.address}/pay/*")
    visitor.page.get_by_role("button", name="确认付款").click()
    visitor.page.wait_for_url(f"{live_server.url}/bills/*/return/*")
    visitor.sees("钱已经收到")
    visitor.leave()
    acquirer.stop()
    assert Bill.objects.get().state == Bill.State.PAID


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_page_is_sound(browser: Any, live_server: Any, addresses: dict[str, list[str]], width: int) -> None:
    for name, paths in addresses.items():
        visitor = Visitor(browser, live_server.url, width, name=name, password=PASSWORD)
        for path in paths:
            visitor.open(path)
            if PICTURES:
                kept = f"{name[:6]}-{paths.index(path)}"
                visitor.page.screenshot(path=f"{PICTURES}/{kept}-{width}.png", full_page=True)
        visitor.leave()
