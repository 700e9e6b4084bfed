"""Residents of the story pay their bills at the window; nothing of the past is in the sandbox acquirer's files."""

from __future__ import annotations

from shuzheng.engines.casework.actions.paying import RecordPayment
from shuzheng.engines.casework.models import Case
from shuzheng.engines.payment.actions.ordering import OpenOrder, ReceivePayment
from shuzheng.engines.payment.models import Bill
from shuzheng.engines.payment.queries import bills_of_case
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now

#: A channel without files: money that clerks took.
COUNTER = "counter"
PLATFORM = Actor.system("demo")


def pay(payer: Actor, case: Case) -> Case:
    """Pay a case's open bill and let the case go on."""
    for bill in bills_of_case(case.pk):
        if bill.state == Bill.State.OPEN:
            order = OpenOrder.do(payer, bill_id=bill.pk, channel=COUNTER)
            told = {"channel": COUNTER, "number": order.number, "amount": order.amount, "at": now()}
            ReceivePayment.do(PLATFORM, trade_number=f"C{order.number[-20:]}", **told)
    return RecordPayment.do(PLATFORM, case_id=case.pk)
