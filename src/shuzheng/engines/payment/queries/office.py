"""Reads of the office: bills, refunds, days of reconciliation, payouts."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from shuzheng.engines.payment.models import (
    Bill,
    Discrepancy,
    Order,
    PayoutBatch,
    PayoutLine,
    Refund,
    Statement,
)
from shuzheng.engines.payment.numbers import is_bill_number
from shuzheng.engines.payment.policies import (
    CHECK_PAYOUT,
    MAKE_PAYOUT,
    MANAGE,
    OFFICE,
    RELEASE_PAYOUT,
    may_read,
)
from shuzheng.engines.payment.queries.bills import LATEST
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.moment import today
from shuzheng.kernel.page import Page, page
from shuzheng.kernel.policy import scopes

#: State of a search that is no state of a bill: open after its day.
OVERDUE = "overdue"
#: Differences in the order in which they are dealt with.
ORDER = {Discrepancy.State.OPEN: 0, Discrepancy.State.PROPOSED: 1}


def within(actor: Actor, names: Iterable[str], field: str = "division_path") -> Q:
    """Return the condition for the rows in whose division an official holds one of the permissions."""
    found = Q(pk__in=[])
    for scope in sorted({scope for name in names for scope in scopes(actor, name)}):
        if not scope:
            return Q()
        found |= Q(**{f"{field}__within": scope})
    return found


def office_bills(
    actor: Actor, text: str = "", state: str = "", *, after: str | None = None, size: int = 30
) -> Page[Bill]:
    """Return one page of an office's bills, found by 缴款码, number of the case or beginning of the payer's name."""
    return page(office_bill_rows(actor, text, state), order=LATEST, after=after, size=size)


def office_bill_rows(actor: Actor, text: str = "", state: str = "") -> QuerySet[Bill]:
    """Return an office's bills, for lists and exports."""
    rows = Bill.objects.filter(within(actor, OFFICE))
    if state == OVERDUE:
        rows = rows.filter(state=Bill.State.OPEN, due_on__lt=today())
    elif state:
        rows = rows.filter(state=state)
    if is_bill_number(text):
        return rows.filter(number=text)
    return rows.filter(Q(case_number=text) | Q(payer_name__startswith=text)) if text else rows


def overdue_count(actor: Actor, most: int = 100) -> int:
    """Return how many bills of an office are overdue and wait for a person, up to ``most``."""
    waiting = Bill.objects.filter(state=Bill.State.OPEN, due_on__lt=today(), on_overdue=Bill.Overdue.TODO)
    return waiting.filter(within(actor, (MANAGE,)))[:most].count()


def order_for(actor: Actor, number: str) -> Order:
    """Return an order of a bill that the actor may open, with the bill. Raises NotFound."""
    order = Order.objects.select_related("bill").filter(number=number).first()
    if order is None or not may_read(actor, order.bill):
        raise NotFound
    return order


def refund_for(actor: Actor, number: str) -> Refund:
    """Return a refund of a bill that the actor may open, with the bill. Raises NotFound."""
    refund = Refund.objects.select_related("bill", "order").filter(number=number).first()
    if refund is None or not may_read(actor, refund.bill):
        raise NotFound
    return refund


def refunds(actor: Actor, state: str = "requested", *, after: str | None = None, size: int = 30) -> Page[Refund]:
    """Return one page of an office's refunds, with their bills."""
    rows = Refund.objects.filter(within(actor, OFFICE)).select_related("bill", "order")
    return page(rows.filter(state=state) if state else rows, order=("-requested_at", "-id"), after=after, size=size)


def statements(*, after: str | None = None, size: int = 31) -> Page[Statement]:
    """Return one page of days, the latest first, each with its open differences."""
    unsettled = (Discrepancy.State.OPEN, Discrepancy.State.PROPOSED)
    open_ = Count("discrepancies", filter=Q(discrepancies__state__in=unsettled))
    rows = Statement.objects.defer("content").annotate(open=open_)
    return page(rows, order=("-day", "-id"), after=after, size=size)


def statement(statement_id: UUID) -> Statement:
    """Return a day. Raises NotFound."""
    found = Statement.objects.defer("content").filter(pk=statement_id).first()
    if found is None:
        raise NotFound
    return found


def discrepancies(of: Statement) -> list[Discrepancy]:
    """Return what differs on a day, open ones first."""
    return sorted(of.discrepancies.order_by("found_at", "id"), key=lambda d: ORDER.get(d.state, 2))


PAYOUT = (MAKE_PAYOUT, CHECK_PAYOUT, RELEASE_PAYOUT)


def batches(actor: Actor, *, after: str | None = None, size: int = 30) -> Page[PayoutBatch]:
    """Return one page of an office's batches, the latest first."""
    rows = PayoutBatch.objects.filter(within(actor, PAYOUT))
    return page(rows, order=("-made_at", "-id"), after=after, size=size)


def batch_for(actor: Actor, batch_id: UUID) -> PayoutBatch:
    """Return a batch of an office. Raises NotFound."""
    found = PayoutBatch.objects.filter(within(actor, PAYOUT), pk=batch_id).first()
    if found is None:
        raise NotFound
    return found


def payout_lines(batch: PayoutBatch, state: str = "", *, after: str | None = None, size: int = 50) -> Page[PayoutLine]:
    """Return one page of a batch's lines, in the order of the list."""
    return page(payout_rows(batch, state), order=("sequence",), after=after, size=size)


def payout_rows(batch: PayoutBatch, state: str = "") -> QuerySet[PayoutLine]:
    """Return a batch's lines without their accounts, for lists and exports."""
    rows = PayoutLine.objects.filter(batch=batch).defer("account")
    return rows.filter(state=state) if state else rows


def payout_sums(batch: PayoutBatch) -> dict[str, tuple[int, int]]:
    """Return by state how many lines there are and how much they come to, in fen."""
    rows = (
        PayoutLine.objects.filter(batch=batch).values("state").annotate(count=Count("id"), sum=Sum("amount")).order_by()
    )
    return {row["state"]: (row["count"], row["sum"]) for row in rows}
