"""Whatever people, channels and clocks do in whatever order: money received is bills paid plus money to be given back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from shuzheng.engines.payment import gateways, jobs, paying
from shuzheng.engines.payment.actions.bills import CancelBill
from shuzheng.engines.payment.actions.refund_requests import RequestRefund
from shuzheng.engines.payment.actions.refunds import DecideRefund
from shuzheng.engines.payment.gateways import Notice
from shuzheng.engines.payment.models import Bill, Order, Receipt, Refund
from shuzheng.engines.payment.policies import APPROVE_REFUND, REQUEST_REFUND
from shuzheng.engines.payment.queries import balance, trial_balance
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import Conflict, NotFound, Unavailable
from shuzheng.kernel.moment import at, now, today
from shuzheng.testing.payment import MemoryChannel
from tests.engines.payment.conftest import PLATFORM, clerk, raise_bill

HARD = settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CHANNELS = st.sampled_from(["memory", "other"])


@dataclass
class World:
    """Who takes part."""

    payer: Actor
    channels: dict[str, MemoryChannel]
    asker: Actor
    decider: Actor


class Paying(RuleBasedStateMachine):
    """Bills, pays, repeats, loses, cancels and refunds at will."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.hours = 0
        for channel in self.world.channels.values():
            channel.down = channel.deaf = False

    @initialize()
    def raise_first(self) -> None:
        self.bill = raise_bill(self.world.payer)

    def _try(self, act: Any, *args: Any, **more: Any) -> None:
        """Do it; what is refused must be refused for a reason that people can live with."""
        with at(now() + timedelta(minutes=self.hours)), suppress(Conflict, NotFound, Unavailable):
            act(*args, **more)

    @rule(name=CHANNELS)
    def click(self, name: str) -> None:
        self._try(paying.start, self.world.payer, self.bill.pk, name)

    @rule(name=CHANNELS)
    def payer_pays(self, name: str) -> None:
        for number in list(self.world.channels[name].orders):
            if Order.objects.filter(number=number, bill=self.bill).exists():
                self.world.channels[name].pay(number, now() + timedelta(minutes=self.hours))

    @rule(name=CHANNELS, times=st.integers(1, 3))
    def notify(self, name: str, times: int) -> None:
        for order in Order.objects.filter(bill=self.bill, channel=name):
            held = self.world.channels[name].orders.get(order.number)
            for _time in range(times if held and held.state == "paid" else 0):
                assert held is not None
                self._try(paying.take, name, Notice("order", order.number, order=held.report()))

    @rule()
    def ask(self) -> None:
        self._try(jobs.chase)

    @rule()
    def settle(self) -> None:
        self._try(jobs.settle_orders, {"subject": str(self.bill.pk)})

    @rule()
    def cancel(self) -> None:
        self._try(CancelBill.do, PLATFORM, bill_id=self.bill.pk, reason="算错")

    @rule(part=st.integers(1, 12_000))
    def ask_refund(self, part: int) -> None:
        self._try(RequestRefund.do, self.world.asker, bill_id=self.bill.pk, amount=part, reason="overpaid")

    @rule(yes=st.booleans())
    def decide(self, yes: bool) -> None:
        for refund in Refund.objects.filter(bill=self.bill, state=Refund.State.REQUESTED)[:1]:
            self._try(DecideRefund.do, self.world.decider, refund_id=refund.pk, approved=yes, note="材料不全，请补充")

    @rule(times=st.integers(1, 2))
    def send(self, times: int) -> None:
        for refund in Refund.objects.filter(bill=self.bill, state=Refund.State.APPROVED):
            for _time in range(times):
                self._try(jobs.send_refund, {"subject": str(refund.pk)})

    @rule(name=CHANNELS, down=st.booleans(), deaf=st.booleans())
    def fault(self, name: str, down: bool, deaf: bool) -> None:
        self.world.channels[name].down, self.world.channels[name].deaf = down, deaf

    @rule(minutes=st.integers(1, 40))
    def wait(self, minutes: int) -> None:
        self.hours += minutes

    @invariant()
    def books_agree_with_the_channels(self) -> None:
        orders = Order.objects.filter(bill=self.bill, state=Order.State.RECEIVED)
        received = sum(order.amount for order in orders)
        refunds = Refund.objects.filter(bill=self.bill, state=Refund.State.DONE)
        back = refunds.aggregate(sum=Sum("amount"))["sum"] or 0
        bill = Bill.objects.get(pk=self.bill.pk)
        assert orders.filter(settles=True).count() <= 1
        paid = bill.amount if orders.filter(settles=True).exists() else 0
        assert (bill.state in (Bill.State.OPEN, Bill.State.CANCELLED)) == (not paid)
        extra = sum(order.amount for order in orders.filter(settles=False))
        assert received == paid + extra
        owed = Refund.objects.filter(bill=self.bill, order__settles=False).exclude(state=Refund.State.DECLINED)
        assert sum(refund.amount for refund in owed) <= extra
        assert bill.refunded <= paid
        assert received - back >= 0
        assert Receipt.objects.filter(bill=bill, takes_back=None).count() == bool(paid)

    @invariant()
    def nobody_got_back_more_than_was_paid(self) -> None:
        for channel in self.world.channels.values():
            for held in channel.orders.values():
                assert 0 <= held.refunded <= held.amount
            assert -sum(a for _o, a in channel.refunds.values()) <= 0

    @invariant()
    def the_ledger_balances_and_holds_what_the_channels_hold(self) -> None:
        assert sum(row.balance for row in trial_balance(today() + timedelta(days=400))) == 0
        for name in self.world.channels:
            orders = Order.objects.filter(channel=name, state=Order.State.RECEIVED).aggregate(sum=Sum("amount"))
            back = Refund.objects.filter(order__channel=name, state=Refund.State.DONE).aggregate(sum=Sum("amount"))
            assert balance(f"clearing:{name}") == (orders["sum"] or 0) - (back["sum"] or 0)
            assert balance(f"returning:{name}") <= 0


@pytest.mark.django_db
def test_money_received_is_bills_paid_plus_money_to_be_given_back(
    payer: Actor, memory: MemoryChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_settings, "PAYMENT_CHANNELS", ["memory", "other"])
    other = gateways.channel("other")
    assert isinstance(other, MemoryChannel)
    channels = {"memory": memory, "other": other}
    world = World(payer, channels, clerk("申请员", REQUEST_REFUND), clerk("审批员", APPROVE_REFUND))
    run_state_machine_as_test(type("Paying", (Paying,), {"world": world}), settings=HARD)
