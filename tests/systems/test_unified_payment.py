"""统一支付: a fee decided by rules, paid on line in the sandbox, receipted, settled to the treasury, and given back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from shuzheng.engines.casework import jobs as casework_jobs
from shuzheng.engines.casework.models import Case
from shuzheng.engines.payment import gateways, jobs
from shuzheng.engines.payment.actions.refund_requests import RequestRefund
from shuzheng.engines.payment.actions.refunds import DecideRefund
from shuzheng.engines.payment.models import Bill, Order, Receipt, Statement
from shuzheng.engines.payment.policies import APPROVE_REFUND, REQUEST_REFUND
from shuzheng.engines.payment.queries import balance, trial_balance
from shuzheng.kernel.moment import ZONE, at, now, today
from shuzheng.sandbox.acquirer import Acquirer
from shuzheng.testing.examples import read_example
from shuzheng.testing.examples.stage import Stage
from shuzheng.testing.identity import a_browser
from shuzheng.testing.packs import install_packs, some_divisions
from tests.engines.payment.conftest import clerk

ROOT = Path(__file__).parents[2]
PACK = ROOT / "packs/public-service/road-occupation"
pytestmark = pytest.mark.django_db


@pytest.fixture
def acquirer(tmp_path: Path, settings: Any) -> Iterator[Acquirer]:
    """Run the sandbox acquirer as the only channel."""
    running = Acquirer(tmp_path, "secret", port=0).start()
    settings.SANDBOX_ACQUIRER, settings.SANDBOX_SECRET = running.address, "secret"
    settings.PAYMENT_CHANNELS, settings.HOME = ["sandbox"], tmp_path
    gateways._load.cache_clear()
    yield running
    running.stop()


@pytest.fixture
def stage(db: None, tmp_path: Path, settings: Any) -> Stage:
    """Return the water company's case as far as the permit is granted."""
    settings.HOME = tmp_path
    some_divisions()
    install_packs(ROOT / "packs/base", ROOT / "packs/public-service/generic-matter", PACK)
    stage = Stage(read_example(PACK / "examples/granted.yaml"))
    for number, step in enumerate(stage.example.steps[:7], 1):
        with at(step.at.replace(tzinfo=ZONE)):
            stage.play(number, step)
    return stage


@pytest.mark.system("unified-payment", page="/bills/", pack="public-service/road-occupation")
def test_a_fee_is_decided_paid_receipted_settled_and_given_back(stage: Stage, acquirer: Acquirer) -> None:
    bill = Bill.objects.get()
    assert (bill.amount, bill.lines.get().basis) == (9_360_00, "《城市道路管理条例》第三十七条")
    browser = a_browser(stage.people["郭涛"].account)
    page = browser.get(f"/bills/{bill.pk}/").content.decode()
    assert "城市道路挖掘修复费" in page
    assert "人民币玖仟叁佰陆拾元整" in page

    answer = browser.post(f"/bills/{bill.pk}/pay", {"channel": "sandbox"})
    place = urlsplit(answer["Refresh"].removeprefix("0;url="))
    connection = HTTPConnection(place.netloc, timeout=5)
    connection.request("POST", place.path, urlencode({"do": "pay", "at": now().isoformat()}))
    assert connection.getresponse().status == 303
    connection.close()

    assert "钱已经收到" in browser.get(f"/bills/{bill.pk}/return/").content.decode()
    casework_jobs.record_payment({"type": "payment.bill_paid", "data": {"case_id": str(bill.case_id)}})
    assert Case.objects.get().state == Case.State.CLOSED
    receipt = Receipt.objects.get()
    assert browser.get(f"/receipts/{receipt.pk}/receipt.ofd").content.startswith(b"PK")

    with at(now() + timedelta(days=1)):
        jobs.reconcile()
    assert Statement.objects.get(day=today()).state == Statement.State.MATCHED
    assert balance("clearing:sandbox") == 0
    assert balance(f"fiscal:{bill.lines.get().unit_code}") == 9_360_00

    asked = RequestRefund.do(
        clerk("收费员", REQUEST_REFUND), bill_id=bill.pk, amount=360_00, reason="overpaid", note="面积量多了"
    )
    DecideRefund.do(clerk("财务", APPROVE_REFUND), refund_id=asked.pk, approved=True)
    jobs.send_refund({"subject": str(asked.pk)})
    bill.refresh_from_db()
    assert (bill.state, bill.kept) == (Bill.State.PARTLY_REFUNDED, 9_000_00)
    assert Receipt.objects.filter(takes_back=receipt, amount=-360_00).exists()
    assert Order.objects.filter(settles=True).count() == 1
    assert sum(row.balance for row in trial_balance(today() + timedelta(days=1))) == 0
