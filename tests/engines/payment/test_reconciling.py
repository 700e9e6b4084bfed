"""Daily reconciliation against the sandbox acquirer: what agrees is settled, what does not is found, held and settled by people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shuzheng.engines.payment import jobs, reconciling
from shuzheng.engines.payment.actions import reconciling as matching
from shuzheng.engines.payment.actions.reconciling import KeepStatement, MatchStatement
from shuzheng.engines.payment.actions.settling import ClaimDiscrepancy, ConfirmWriteOff, ResolveDiscrepancy
from shuzheng.engines.payment.errors import AlreadySettled, CannotResolve, ClaimedByAnother, OwnWriteOff
from shuzheng.engines.payment.models import Bill, Discrepancy, JournalEntry, Order, Statement
from shuzheng.engines.payment.policies import RECONCILE
from shuzheng.engines.payment.queries import balance, discrepancies, statements, trial_balance
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.moment import at, now, today
from shuzheng.sandbox.acquirer import Acquirer
from tests.engines.payment.conftest import PLATFORM, clerk
from tests.engines.payment.sandbox import ordered, pay_on_page, settled


def test_a_day_that_agrees_is_settled_by_unit(payer: Actor, acquirer: Acquirer) -> None:
    order = settled(ordered(payer))
    for _time in range(2):
        statement = reconciling.reconcile("sandbox", today())
    assert (statement.state, statement.lines, statement.matched) == (Statement.State.MATCHED, 1, 1)
    assert balance("clearing:sandbox") == 0
    for line in order.bill.lines.all():
        assert balance(f"fiscal:{line.unit_code}") == line.amount
    assert sum(row.balance for row in trial_balance(today())) == 0


def test_every_injected_discrepancy_is_found_held_and_comes_right(payer: Actor, acquirer: Acquirer) -> None:
    orders = [settled(ordered(payer)) for _ in range(6)]
    fine, missing, doubled, altered, closed, mangled = (order.number for order in orders)
    unknown = {"number": "X1", "trade_number": "U1", "amount": 5_00}
    file = {"missing": [missing], "doubled": [doubled], "amounts": {altered: 110_07}, "states": {closed: "closed"}}
    file |= {"mangled": [mangled], "extra": [unknown]}
    acquirer.store.set_faults({"file": file})
    for _time in range(2):
        statement = reconciling.reconcile("sandbox", today())
    found = {(d.kind, d.number): d.difference for d in discrepancies(statement)}
    bad = next(number for kind, number in found if kind == "unreadable")
    assert found == {
        ("short", missing): -110_00,
        ("duplicate", doubled): 110_00,
        ("amount", altered): 7,
        ("state", closed): -110_00,
        ("short", mangled): -110_00,
        ("unreadable", bad): 0,
        ("long", "X1"): 5_00,
    }
    assert statement.state == Statement.State.DIFFERENT
    assert (balance("short:sandbox"), balance("long:sandbox")) == (330_00, -115_07)
    assert balance("clearing:sandbox") == 0
    assert fine in Order.objects.filter(statement=statement).values_list("number", flat=True)
    acquirer.store.set_faults({})  # the acquirer puts its file right
    statement = reconciling.reconcile("sandbox", today())
    assert statement.state == Statement.State.MATCHED
    assert set(statement.discrepancies.values_list("state", flat=True)) == {Discrepancy.State.MATCHED}
    assert (balance("short:sandbox"), balance("long:sandbox"), balance("clearing:sandbox")) == (0, 0, 0)
    assert balance("fiscal:suspense") == 0


def test_what_comes_a_day_late_is_matched_by_itself(payer: Actor, acquirer: Acquirer) -> None:
    order = settled(ordered(payer))
    acquirer.store.set_faults({"file": {"missing": [order.number]}})
    first = reconciling.reconcile("sandbox", today())
    assert first.discrepancies.get().kind == Discrepancy.Kind.SHORT
    extra = {"number": order.number, "trade_number": order.trade_number, "amount": order.amount}
    acquirer.store.set_faults({"file": {"missing": [order.number], "extra": [extra]}})
    with at(now() + timedelta(days=1)):
        second = reconciling.reconcile("sandbox", today())
        assert reconciling.reconcile("sandbox", today()).state == Statement.State.MATCHED
    assert second.state == Statement.State.MATCHED
    assert first.discrepancies.get().state == Discrepancy.State.MATCHED
    assert (balance("short:sandbox"), balance("clearing:sandbox")) == (0, 0)
    assert [s.open for s in statements().items] == [0, 0]


def test_a_payment_of_which_only_the_file_told_is_caught_up(payer: Actor, acquirer: Acquirer) -> None:
    acquirer.store.set_faults({"silent": True})
    order = ordered(payer)
    assert pay_on_page(order) == 303
    assert reconciling.reconcile("sandbox", today()).state == Statement.State.MATCHED
    assert Bill.objects.get().state == Bill.State.PAID


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ({"garbage": True}, "unreadable"),
        ({"empty": True}, "unreadable"),
        ({"truncated": True}, "unreadable"),
        ({"cut": 100}, "unreadable"),
        ({"wrong_total": True}, "unreadable"),
        ({"day": "2020-01-01"}, "unreadable"),
        ({"currency": "USD"}, "unreadable"),
        ({"absent": True}, "waiting"),
    ],
)
def test_a_file_that_cannot_be_believed_books_nothing(
    payer: Actor, acquirer: Acquirer, fault: dict[str, Any], state: str
) -> None:
    settled(ordered(payer))
    acquirer.store.set_faults({"file": fault})
    statement = reconciling.reconcile("sandbox", today())
    assert (statement.state, bool(statement.trouble)) == (state, True)
    assert not Discrepancy.objects.exists()
    acquirer.store.set_faults({})
    jobs.reconcile(day=today().isoformat())
    statement.refresh_from_db()
    assert statement.state == Statement.State.MATCHED


def test_an_acquirer_that_is_down_leaves_the_day_waiting(payer: Actor, acquirer: Acquirer, settings: Any) -> None:
    settings.SANDBOX_ACQUIRER = "http://127.0.0.1:9"
    assert reconciling.reconcile("sandbox", today()).state == Statement.State.WAITING


def test_a_person_settles_what_nobody_can_match(payer: Actor, acquirer: Acquirer) -> None:
    order = settled(ordered(payer))
    acquirer.store.set_faults(
        {"file": {"missing": [order.number], "extra": [{"number": "X1", "trade_number": "U1", "amount": 5_00}]}}
    )
    statement = reconciling.reconcile("sandbox", today())
    short, long = statement.discrepancies.order_by("-kind")
    bookkeeper = clerk("对账员", RECONCILE, scope="")
    given = {"discrepancy_id": long.pk, "note": "渠道来函更正"}
    with pytest.raises(NotPermitted):
        ResolveDiscrepancy.do(PLATFORM, **given, resolution="acquirer")
    with pytest.raises(CannotResolve):
        ResolveDiscrepancy.do(bookkeeper, **given, resolution="received")  # no order of ours
    ResolveDiscrepancy.do(bookkeeper, **given, resolution="acquirer")
    with pytest.raises(AlreadySettled):
        ResolveDiscrepancy.do(bookkeeper, **given, resolution="absorb")
    with pytest.raises(CannotResolve):
        ResolveDiscrepancy.do(bookkeeper, discrepancy_id=short.pk, note="退给谁呢", resolution="return")
    ResolveDiscrepancy.do(bookkeeper, discrepancy_id=short.pk, note="渠道次日补划", resolution="acquirer")
    statement.refresh_from_db()
    assert statement.state == Statement.State.MATCHED
    assert [balance(a) for a in ("long:sandbox", "short:sandbox", "clearing:sandbox")] == [0, 0, 0]
    assert balance("fiscal:suspense") == 110_00
    acquirer.store.set_faults({})
    again = reconciling.reconcile("sandbox", today())  # the line turns up after all: nothing is settled twice
    assert again.state == Statement.State.MATCHED
    assert balance("clearing:sandbox") == 0


def test_only_who_reconciles_keeps_and_matches_files(payer: Actor, acquirer: Acquirer) -> None:
    with pytest.raises(NotPermitted):
        KeepStatement.do(payer, channel="sandbox", day=today(), state="waiting")
    with pytest.raises(NotPermitted):
        MatchStatement.do(payer, statement_id=payer.account_id)


def test_another_currency_is_never_booked(payer: Actor, acquirer: Acquirer) -> None:
    fine, foreign = settled(ordered(payer)), settled(ordered(payer))
    acquirer.store.set_faults({"file": {"currencies": {foreign.number: "HKD"}}})
    statement = reconciling.reconcile("sandbox", today())
    assert (statement.lines, statement.matched) == (2, 1)
    assert {d.kind for d in discrepancies(statement)} == {"unreadable", "short"}
    assert Order.objects.get(pk=fine.pk).statement_id == statement.pk


def test_a_file_beyond_the_limit_is_not_taken(payer: Actor, acquirer: Acquirer, settings: Any) -> None:
    settings.STATEMENT_LARGEST = 10_000
    acquirer.store.set_faults({"file": {"flood": 5_000}})
    statement = reconciling.reconcile("sandbox", today())
    assert statement.state == Statement.State.UNREADABLE
    assert "文件超过" in statement.trouble
    assert statement.content is None


def test_a_file_full_of_strangers_is_not_ours(
    payer: Actor, acquirer: Acquirer, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(ordered(payer))
    acquirer.store.set_faults({"file": {"flood": 60}})
    monkeypatch.setattr(matching, "MOST_DIFFERENCES", 50)
    before = JournalEntry.objects.count()
    statement = reconciling.reconcile("sandbox", today())
    assert (statement.state, "核对商户号" in statement.trouble) == (Statement.State.UNREADABLE, True)
    assert (Discrepancy.objects.count(), JournalEntry.objects.count()) == (0, before)


@pytest.mark.parametrize("fault", [{"garbage": True}, {"cut": 100}, {"flood": 60}])
def test_a_later_file_that_is_no_good_leaves_the_one_that_was_matched(
    payer: Actor, acquirer: Acquirer, monkeypatch: pytest.MonkeyPatch, fault: dict[str, Any]
) -> None:
    settled(ordered(payer))
    matched = reconciling.reconcile("sandbox", today())
    acquirer.store.set_faults({"file": fault})
    monkeypatch.setattr(matching, "MOST_DIFFERENCES", 50)
    later = reconciling.reconcile("sandbox", today())
    later.refresh_from_db()
    assert (bytes(later.content or b""), later.digest) == (bytes(matched.content or b""), matched.digest)
    assert (later.state, later.lines, bool(later.trouble)) == (Statement.State.MATCHED, 1, True)
    acquirer.store.set_faults({})
    assert reconciling.reconcile("sandbox", today()).trouble == ""


def test_a_file_is_matched_part_by_part(payer: Actor, acquirer: Acquirer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shuzheng.engines.payment.statements.TOGETHER", 2)
    orders = [settled(ordered(payer)) for _order in range(5)]
    acquirer.store.set_faults({"file": {"doubled": [orders[1].number], "missing": [orders[4].number]}})
    statement = reconciling.reconcile("sandbox", today())
    assert (statement.lines, statement.matched, statement.received) == (5, 4, 440_00)
    assert {(d.kind, d.number) for d in discrepancies(statement)} == {
        ("duplicate", orders[1].number),
        ("short", orders[4].number),
    }


def test_matching_costs_the_same_statements_however_many_lines(
    payer: Actor, acquirer: Acquirer, django_assert_max_num_queries: Any
) -> None:
    for _order in range(12):
        settled(ordered(payer))
    statement = reconciling.reconcile("sandbox", today())
    Order.objects.update(statement=None)
    with django_assert_max_num_queries(20):
        MatchStatement.do(PLATFORM, statement_id=statement.pk)


def test_a_write_off_takes_two_people(payer: Actor, acquirer: Acquirer) -> None:
    acquirer.store.set_faults({"file": {"extra": [{"number": "X1", "trade_number": "U1", "amount": 3}]}})
    statement = reconciling.reconcile("sandbox", today())
    difference = statement.discrepancies.get()
    one, other = clerk("对账员", RECONCILE, scope=""), clerk("复核员", RECONCILE, scope="")
    given = {"discrepancy_id": difference.pk}
    ResolveDiscrepancy.do(one, **given, resolution="absorb", note="三分钱，查无来源")
    assert balance("due:differences") == 0
    with pytest.raises(OwnWriteOff):
        ConfirmWriteOff.do(one, **given, approved=True)
    assert ConfirmWriteOff.do(other, **given, approved=False, note="先问渠道").state == Discrepancy.State.OPEN
    ResolveDiscrepancy.do(one, **given, resolution="absorb", note="渠道答复无法查明")
    settled_ = ConfirmWriteOff.do(other, **given, approved=True)
    assert (settled_.state, settled_.confirmed_by) == (Discrepancy.State.RESOLVED, other.name)
    assert (balance("due:differences"), balance("long:sandbox")) == (-3, 0)
    statement.refresh_from_db()
    assert statement.state == Statement.State.MATCHED
    with pytest.raises(AlreadySettled):
        ConfirmWriteOff.do(other, **given, approved=True)


def test_what_somebody_claimed_nobody_else_settles(payer: Actor, acquirer: Acquirer) -> None:
    acquirer.store.set_faults({"file": {"extra": [{"number": "X1", "trade_number": "U1", "amount": 3}]}})
    difference = reconciling.reconcile("sandbox", today()).discrepancies.get()
    one, other = clerk("对账员", RECONCILE, scope=""), clerk("复核员", RECONCILE, scope="")
    assert ClaimDiscrepancy.do(one, discrepancy_id=difference.pk).claimed_by == one.name
    for action, more in ((ClaimDiscrepancy, {}), (ResolveDiscrepancy, {"resolution": "acquirer", "note": "渠道更正"})):
        with pytest.raises(ClaimedByAnother):
            action.do(other, {"discrepancy_id": difference.pk, **more})
    assert ClaimDiscrepancy.do(one, discrepancy_id=difference.pk).claimer_id is None
    assert ClaimDiscrepancy.do(other, discrepancy_id=difference.pk).claimer_id == other.account_id
