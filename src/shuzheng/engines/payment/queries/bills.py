"""Reads of bills and receipts, by whoever pays them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shuzheng.engines.payment.errors import NoSuchBill
from shuzheng.engines.payment.models import (
    Bill,
    BillLine,
    Order,
    Receipt,
    Refund,
)
from shuzheng.engines.payment.policies import may_read
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.page import Page, page

LATEST = ("-raised_at", "-id")
#: Groups of one's own bills: what is to be done, what is done.
GROUPS: dict[str, tuple[str, ...]] = {
    "": tuple(Bill.State),
    "open": (Bill.State.OPEN,),
    "paid": (Bill.State.PAID, Bill.State.PARTLY_REFUNDED, Bill.State.REFUNDED, Bill.State.WAIVED),
}


def own_bills(actor: Actor, group: str = "", *, after: str | None = None, size: int = 20) -> Page[Bill]:
    """Return one page of the bills of the party acted for, the latest first. Raises BadCursor."""
    payer = actor.party.id if actor.party else actor.person_id
    rows = Bill.objects.filter(payer_id=payer, state__in=GROUPS[group]) if payer else Bill.objects.none()
    return page(rows, order=LATEST, after=after, size=size)


def bills_of_case(case_id: UUID) -> list[Bill]:
    """Return the bills of a case in one statement, the latest first."""
    return list(Bill.objects.filter(case_id=case_id).order_by(*LATEST))


def settled(case_id: UUID) -> bool:
    """Say whether a case has a bill and none of its bills is open: whatever had to be paid is paid or waived."""
    states = set(Bill.objects.filter(case_id=case_id).values_list("state", flat=True))
    return Bill.State.OPEN not in states and bool(states & {Bill.State.PAID, Bill.State.WAIVED})


@dataclass(frozen=True)
class WholeBill:
    """A bill with everything that its page shows."""

    bill: Bill
    lines: list[BillLine]
    orders: list[Order]
    refunds: list[Refund]
    receipts: list[Receipt]


def bill_for(actor: Actor, bill_id: UUID) -> WholeBill:
    """Return a bill that the actor may open, whole. Raises NoSuchBill."""
    bill = Bill.objects.filter(pk=bill_id).first()
    if bill is None or not may_read(actor, bill):
        raise NoSuchBill
    return WholeBill(
        bill,
        list(bill.lines.order_by("sequence").prefetch_related("exemptions")),
        list(bill.orders.order_by("created_at")),
        list(bill.refunds.select_related("order").order_by("requested_at")),
        list(bill.receipts.select_related("takes_back").order_by("issued_at")),
    )
