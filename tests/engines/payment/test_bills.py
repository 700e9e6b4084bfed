"""Bills: what must be paid and why, once, with exemptions proved and withdrawals followed up."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from shuzheng.engines.payment.actions.bills import CancelBill, ExemptLine, ReleaseBills
from shuzheng.engines.payment.actions.ordering import OpenOrder
from shuzheng.engines.payment.actions.raising import RaiseBill
from shuzheng.engines.payment.errors import BillNotOpen, FeeUndecided, NoSuchBill
from shuzheng.engines.payment.models import Bill, Exemption
from shuzheng.engines.payment.numbers import is_bill_number
from shuzheng.engines.payment.policies import MANAGE
from shuzheng.engines.payment.queries import bill_for, own_bills, settled
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import NoDefinition
from shuzheng.kernel.error import Conflict, InvalidInput, NotPermitted
from shuzheng.kernel.moment import today
from shuzheng.kernel.pack import read
from shuzheng.kernel.source import PackInvalid
from shuzheng.testing.identity import a_resident, actor_of_person
from tests.engines.payment.conftest import PLATFORM, clerk, raise_bill


def test_a_bill_says_what_why_on_which_ground_and_for_whom(bill: Bill) -> None:
    occupation, permit = bill.lines.order_by("sequence")
    assert (bill.amount, bill.state, bill.due_on) == (110_00, Bill.State.OPEN, today() + timedelta(days=15))
    assert is_bill_number(bill.number)
    assert bill.number.startswith("360702")
    assert (occupation.amount, occupation.quantity, occupation.measure) == (100_00, 200, "平方米·天")
    assert occupation.basis == "《城市道路管理条例》第三十七条"
    assert occupation.unit_code != permit.unit_code
    assert "占用按面积和天数" in occupation.why
    assert "面积 20 符合 >= 1" in occupation.why


def test_one_wrong_digit_of_a_bill_number_is_noticed(bill: Bill) -> None:
    for place in range(20):
        for digit in "0123456789":
            wrong = bill.number[:place] + digit + bill.number[place + 1 :]
            assert is_bill_number(wrong) == (wrong == bill.number)


def test_a_case_is_billed_once_for_each_decision(payer: Actor) -> None:
    case = uuid4()
    first = raise_bill(payer, case_id=case)
    assert raise_bill(payer, case_id=case).pk == first.pk
    CancelBill.do(PLATFORM, bill_id=first.pk, reason="算错了")
    assert raise_bill(payer, case_id=case).pk != first.pk
    assert not settled(case)


def test_a_fee_of_nothing_is_waived_at_once(payer: Actor) -> None:
    case = uuid4()
    bill = raise_bill(payer, case_id=case, answers={"use": "occupy", "area": "0.5", "days": 3})
    assert (bill.state, bill.amount) == (Bill.State.WAIVED, 0)
    assert settled(case)


@pytest.mark.parametrize("answers", [{}, {"use": "dig", "area": "3"}, {"use": "occupy", "area": "viel"}])
def test_what_no_rule_covers_raises_no_bill(payer: Actor, answers: dict[str, Any]) -> None:
    with pytest.raises(FeeUndecided):
        raise_bill(payer, answers=answers)
    assert not Bill.objects.exists()


def test_an_unknown_decision_raises_no_bill(payer: Actor) -> None:
    with pytest.raises(NoDefinition):
        raise_bill(payer, fee="no-such-fee")


def test_only_who_keeps_the_books_of_the_division_may_raise(payer: Actor) -> None:
    assert payer.party is not None
    given = {"fee": "test-fee", "title": "占用", "division_code": "360702000000", "applicant_kind": "person"}
    given |= {
        "applicant_id": payer.party.id,
        "applicant_name": "李梅",
        "answers": {"use": "occupy", "area": "2", "days": 1},
    }
    with pytest.raises(NotPermitted):
        RaiseBill.do(payer, given)
    with pytest.raises(NotPermitted):
        RaiseBill.do(clerk("外区", MANAGE, scope="36.3604"), given)
    assert RaiseBill.do(clerk("本区", MANAGE), given).amount == 11_00


def test_an_exemption_needs_a_ground_of_the_charge_proof_and_a_person(bill: Bill) -> None:
    line = bill.lines.get(code="test-occupation")
    given = {"bill_id": bill.pk, "line_id": line.pk, "ground": "veteran", "document": "优待证 36070200001"}
    with pytest.raises(NotPermitted):
        ExemptLine.do(PLATFORM, given)
    approver = clerk("审批员", MANAGE)
    with pytest.raises(InvalidInput):
        ExemptLine.do(approver, {**given, "ground": "friend-of-mine"})
    with pytest.raises(InvalidInput):
        ExemptLine.do(approver, {**given, "document": ""})
    ExemptLine.do(approver, given)
    ExemptLine.do(approver, given)  # a second click
    bill.refresh_from_db()
    assert bill.amount == 60_00
    kept = Exemption.objects.get()
    assert (kept.title, kept.document, kept.approved_by, kept.amount) == (
        "退役军人",
        "优待证 36070200001",
        "审批员",
        50_00,
    )


def test_a_bill_that_is_remitted_whole_is_waived(payer: Actor) -> None:
    bill = raise_bill(payer)
    approver = clerk("审批员", MANAGE)
    ExemptLine.do(
        approver,
        bill_id=bill.pk,
        line_id=bill.lines.get(code="test-occupation").pk,
        ground="low-income",
        document="低保证 1",
    )
    bill.refresh_from_db()
    assert (bill.amount, bill.state) == (10_00, Bill.State.OPEN)
    permit = bill.lines.get(code="test-permit-fee")
    with pytest.raises(InvalidInput):
        ExemptLine.do(approver, bill_id=bill.pk, line_id=permit.pk, ground="low-income", document="低保证 1")


def test_nothing_is_reduced_while_somebody_pays(bill: Bill, payer: Actor) -> None:
    OpenOrder.do(payer, bill_id=bill.pk, channel="memory")
    line = bill.lines.get(code="test-occupation")
    with pytest.raises(Conflict):
        ExemptLine.do(clerk("审批员", MANAGE), bill_id=bill.pk, line_id=line.pk, ground="veteran", document="优待证 1")


def test_a_cancelled_bill_cannot_be_paid(bill: Bill, payer: Actor) -> None:
    CancelBill.do(PLATFORM, bill_id=bill.pk, reason="开错了")
    CancelBill.do(PLATFORM, bill_id=bill.pk, reason="开错了")
    with pytest.raises(BillNotOpen, match="已取消"):
        OpenOrder.do(payer, bill_id=bill.pk, channel="memory")


def test_a_withdrawn_case_lets_go_of_its_open_bill(payer: Actor) -> None:
    case = uuid4()
    bill = raise_bill(payer, case_id=case)
    released = ReleaseBills.do(PLATFORM, case_id=case)
    assert (released.cancelled, released.refunds) == (1, 0)
    bill.refresh_from_db()
    assert bill.state == Bill.State.CANCELLED
    assert ReleaseBills.do(PLATFORM, case_id=case).cancelled == 0


def test_nobody_sees_or_pays_the_bill_of_another(bill: Bill, payer: Actor) -> None:
    other = actor_of_person(a_resident("王五"))
    with pytest.raises(NoSuchBill):
        bill_for(other, bill.pk)
    with pytest.raises(NoSuchBill):
        OpenOrder.do(other, bill_id=bill.pk, channel="memory")
    assert [b.pk for b in own_bills(payer).items] == [bill.pk]
    assert own_bills(other).items == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('"test-occupation"', '"test-ocupation"', 25, "没有编码为 test-ocupation 的收费项目"),
        ("area * days", "area * dayz", 27, "“dayz”不是输入列"),
        ('name="price"', 'name="prize"', 3, "prize"),
    ],
)
def test_a_wrong_fee_table_is_refused_with_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    source = Path(__file__).parent / "pack"
    for file in ("pack.yaml", "fees/charges.yaml", "fees/test-fee.dmn"):
        target = tmp_path / file
        target.parent.mkdir(exist_ok=True)
        text = (source / file).read_text("utf-8")
        target.write_text(text.replace(old, new) if file.endswith(".dmn") else text, "utf-8")
    with pytest.raises(PackInvalid) as caught:
        read([tmp_path])
    assert any(f"test-fee.dmn:{line}:" in str(p) and message in str(p) for p in caught.value.problems), str(
        caught.value
    )
