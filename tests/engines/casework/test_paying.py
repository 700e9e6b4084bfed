"""A step that waits for money: billed by the process, ended by the payment, undone by a withdrawal."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuzheng.engines.casework import jobs
from shuzheng.engines.casework.actions.deciding import WithdrawCase
from shuzheng.engines.casework.actions.intake import AcceptCase
from shuzheng.engines.casework.actions.paying import RecordPayment
from shuzheng.engines.casework.errors import NotPaidYet
from shuzheng.engines.casework.models import Case, Task
from shuzheng.engines.casework.queries import whole_case
from shuzheng.engines.payment.actions.ordering import OpenOrder, ReceivePayment
from shuzheng.engines.payment.models import Bill, Refund
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.event import subscribers
from shuzheng.kernel.moment import now
from shuzheng.testing.casework import file_case
from shuzheng.testing.packs import install_packs
from tests.engines.casework.conftest import Bureau

HERE = Path(__file__).parent
PLATFORM = Actor.system("test")


@pytest.fixture
def waiting(bureau: Bureau, resident: Actor) -> Case:
    """Return an accepted case whose bill is open."""
    install_packs(HERE / "paid_pack")
    return _accepted(bureau, resident, "我要参加考试，请安排。")


def _accepted(bureau: Bureau, resident: Actor, content: str) -> Case:
    case = file_case(resident, "paid-permit", answers={"application_content": content})
    return AcceptCase.do(bureau.acceptor, case_id=case.pk, opinion="受理")


def _pay(case: Case, resident: Actor) -> None:
    bill = Bill.objects.get(case_id=case.pk)
    order = OpenOrder.do(resident, bill_id=bill.pk, channel="sandbox")
    given = {"channel": "sandbox", "number": order.number, "amount": order.amount, "at": now()}
    ReceivePayment.do(PLATFORM, trade_number=f"T{order.number}", **given)


def _told(case: Case, event: str) -> None:
    """Let the job hear of an event, twice."""
    assert jobs.record_payment in subscribers(event)
    for _time in range(2):
        jobs.record_payment({"type": event, "data": {"case_id": str(case.pk)}})


def _open_steps(case: Case) -> list[str]:
    return [task.step for task in Task.objects.filter(case=case, state=Task.State.OPEN)]


def test_the_process_bills_the_applicant_with_the_cases_own_facts(waiting: Case, resident: Actor) -> None:
    bill = Bill.objects.get()
    assert resident.party is not None
    assert (bill.case_id, bill.case_number, bill.payer_id) == (waiting.pk, waiting.number, resident.party.id)
    assert (bill.amount, bill.title, bill.item_code) == (85_00, "先缴费的许可", "paid-permit")
    assert _open_steps(waiting) == ["pay"]


def test_nobody_gets_past_the_step_without_money(waiting: Case, bureau: Bureau) -> None:
    with pytest.raises(NotPermitted):
        RecordPayment.do(bureau.acceptor, case_id=waiting.pk)
    with pytest.raises(NotPaidYet):
        RecordPayment.do(PLATFORM, case_id=waiting.pk)
    _told(waiting, "payment.bill_paid")
    assert _open_steps(waiting) == ["pay"]


def test_the_payment_lets_the_case_go_on(waiting: Case, resident: Actor) -> None:
    _pay(waiting, resident)
    _told(waiting, "payment.bill_paid")
    assert _open_steps(waiting) == ["decide"]
    assert "已收到缴款 85.00 元。" in [status.public_text for status in whole_case(waiting.pk).statuses]


def test_a_waived_bill_lets_the_case_go_on(waiting: Case, bureau: Bureau, resident: Actor) -> None:
    free = _accepted(bureau, resident, "第二次考试，按规定补考免费。")
    assert Bill.objects.get(case_id=free.pk).state == Bill.State.WAIVED
    _told(free, "payment.bill_waived")
    assert _open_steps(free) == ["decide"]


def test_withdrawing_an_unpaid_case_cancels_its_bill(waiting: Case, resident: Actor) -> None:
    WithdrawCase.do(resident, case_id=waiting.pk)
    assert Bill.objects.get().state == Bill.State.CANCELLED
    assert not Refund.objects.exists()


def test_withdrawing_a_paid_case_asks_for_the_money_back(waiting: Case, resident: Actor) -> None:
    _pay(waiting, resident)
    _told(waiting, "payment.bill_paid")
    WithdrawCase.do(resident, case_id=waiting.pk)
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason, refund.state) == (85_00, Refund.Reason.WITHDRAWN, Refund.State.REQUESTED)


def test_an_event_of_no_case_or_of_a_closed_one_is_let_pass(waiting: Case, resident: Actor) -> None:
    WithdrawCase.do(resident, case_id=waiting.pk)
    _told(waiting, "payment.bill_paid")
    jobs.record_payment({"type": "payment.bill_paid", "data": {"case_id": ""}})
    assert Case.objects.get().state == Case.State.WITHDRAWN
