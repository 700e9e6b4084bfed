"""Asking for money to be given back, and to whose account it goes back; used by several actions."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from shuzheng.engines.payment import ledger
from shuzheng.engines.payment.errors import RefundTooLarge
from shuzheng.engines.payment.models import Bill, Order, Posting, Refund
from shuzheng.engines.payment.money import yuan
from shuzheng.engines.payment.numbers import trade_number
from shuzheng.kernel.actor import Actor


def request_refund(
    bill: Bill,
    order: Order,
    amount: int,
    reason: str,
    *,
    key: str,
    by: Actor | None = None,
    note: str = "",
    source: str = "",
) -> Refund:
    """Ask for a refund of money that an order brought; the bill is locked. Raises RefundTooLarge.

    The same key returns the first request.
    """
    before = Refund.objects.filter(key=key).first()
    if before is not None:
        return before
    most = order.amount - order.refunding
    if not 0 < amount <= most:
        raise RefundTooLarge(most=yuan(most))
    order.refunding += amount
    order.save(update_fields=["refunding"])
    return Refund.objects.create(
        number=trade_number("R"),
        key=key,
        bill=bill,
        order=order,
        amount=amount,
        reason=reason,
        note=note,
        source=source or (Refund.Source.OFFICER if by else Refund.Source.PLATFORM),
        division_path=bill.division_path,
        requested_by=by.name if by else _("系统"),
        requester_id=by.account_id if by else None,
    )


def shares(bill: Bill, amount: int) -> list[tuple[str, str, int]]:
    """Return from whose revenue a refund is taken: (unit code, unit name, fen), line after line, whole lines first.

    What earlier refunds took from a line is not taken again.
    """
    gone = sum(
        refund.amount for refund in bill.refunds.filter(order__settles=True, state__in=("approved", "done", "failed"))
    )
    found: list[tuple[str, str, int]] = []
    for line in bill.lines.order_by("sequence"):
        before = min(gone, line.amount)
        gone -= before
        part = min(amount, line.amount - before)
        amount -= part
        if part:
            found.append((line.unit_code, line.unit_name, part))
    return found


def booked_shares(refunds: Iterable[Refund]) -> dict[UUID, list[tuple[str, int]]]:
    """Return by refund from whose revenue it was taken, as it was booked: (unit code, fen)."""
    keys = {f"refund:{refund.pk}": refund.pk for refund in refunds}
    found = Posting.objects.filter(entry__key__in=keys, account__subject="due").select_related("entry")
    shares: dict[UUID, list[tuple[str, int]]] = {}
    for posting in found if keys else ():
        shares.setdefault(keys[posting.entry.key], []).append((posting.account_id.partition(":")[2], posting.amount))
    return shares


def book_approval(bill: Bill, refund: Refund, parts: list[tuple[str, str, int]]) -> None:
    """Book that a refund of revenue is owed to the payer; other money was owed from the start."""
    if not refund.order.settles:
        return
    taken = [ledger.debit(f"due:{code}", part, name) for code, name, part in parts]
    owed = ledger.credit(f"returning:{refund.order.channel}", refund.amount)
    ledger.book(
        f"refund:{refund.pk}",
        _("同意退付 {number}").format(number=bill.number),
        [*taken, owed],
        bill_id=bill.pk,
        case_id=bill.case_id,
    )


def book_return(bill: Bill, refund: Refund) -> None:
    """Book that the channel gave the money back."""
    channel = refund.order.channel
    amounts = [ledger.debit(f"returning:{channel}", refund.amount), ledger.credit(f"clearing:{channel}", refund.amount)]
    ledger.book(
        f"refunded:{refund.pk}",
        _("退款 {number}").format(number=bill.number),
        amounts,
        bill_id=bill.pk,
        case_id=bill.case_id,
    )
