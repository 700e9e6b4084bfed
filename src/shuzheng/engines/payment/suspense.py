"""Booking what reconciliation finds: what the acquirer paid into the fiscal account, and what is held in suspense."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuzheng.engines.payment import ledger
from shuzheng.engines.payment.errors import CannotResolve
from shuzheng.engines.payment.models import Discrepancy, JournalEntry, Order, Refund

Resolution = Discrepancy.Resolution
#: Whose part of the fiscal account holds money that belongs to no unit: to be given back, or not understood yet.
RETURNING, UNKNOWN = "returning", "suspense"


def settlement(row: Order | Refund, shares: list[tuple[str, int]]) -> ledger.Draft:
    """Return the entry that the acquirer paid an order into the fiscal account, split by unit, or took a refund from it.

    ``shares`` says from whose revenue a refund was taken; bill and lines of an order are at hand.
    """
    if isinstance(row, Order):
        parts = [(line.unit_code, line.unit_name, line.amount) for line in row.bill.lines.all()] if row.settles else []
        parts = [part for part in parts if part[2]] or [(RETURNING, _("待退款"), row.amount)]
        channel = row.channel
    else:
        parts = [(code, "", -amount) for code, amount in shares] or [(RETURNING, _("待退款"), -row.amount)]
        channel = row.order.channel
    fiscal = [ledger.debit(f"fiscal:{code}", amount, name) for code, name, amount in parts]
    total = sum(amount for _code, _name, amount in parts)
    memo = _("清算 {number}").format(number=row.number)
    amounts = [*fiscal, ledger.credit(f"clearing:{channel}", total)]
    return ledger.Draft(f"settle:{row.pk}", memo, amounts, row.bill.pk, row.bill.case_id)


def hold(discrepancy: Discrepancy) -> None:
    """Hold a difference in suspense: what the channel has more as long, what it has less as short."""
    times = JournalEntry.objects.filter(key__startswith=f"hold:{discrepancy.pk}:").count()
    ledger.book(
        f"hold:{discrepancy.pk}:{times}", _("差异挂账 {number}").format(number=discrepancy.number), _held(discrepancy)
    )


def release(discrepancy: Discrepancy) -> None:
    """Take a difference out of suspense that has come right."""
    amounts = [ledger.Amount(a.account, -a.amount, a.of) for a in _held(discrepancy)]
    times = JournalEntry.objects.filter(key__startswith=f"release:{discrepancy.pk}:").count()
    ledger.book(f"release:{discrepancy.pk}:{times}", _("差异核销 {number}").format(number=discrepancy.number), amounts)


def resolve(discrepancy: Discrepancy, resolution: str) -> None:
    """Book what a person decided. Raises CannotResolve if it moves no money but would have to."""
    more, channel = discrepancy.difference, discrepancy.statement.channel
    if resolution == Resolution.ACQUIRER:  # it took back what was too much, or paid what was missing
        other = ledger.credit(f"fiscal:{UNKNOWN}", more, _("待查"))
    elif not more:
        raise CannotResolve
    elif resolution == Resolution.RETURN:
        other = ledger.credit(f"returning:{channel}", more)
    else:
        other = ledger.credit("due:differences", more, _("差错收入"))
    book = [ledger.debit(_side(discrepancy), more), other]
    ledger.book(f"resolve:{discrepancy.pk}", _("差异处理 {number}").format(number=discrepancy.number), book)


def _held(discrepancy: Discrepancy) -> list[ledger.Amount]:
    """Against the money that the acquirer paid into the account, or, where it accounted for nothing, that it holds."""
    more = discrepancy.difference
    unsettled = discrepancy.kind in (Discrepancy.Kind.SHORT, Discrepancy.Kind.STATE)
    other = f"clearing:{discrepancy.statement.channel}" if unsettled else f"fiscal:{UNKNOWN}"
    of = "" if unsettled else _("待查")
    return [ledger.debit(other, more, of), ledger.credit(_side(discrepancy), more)]


def _side(discrepancy: Discrepancy) -> str:
    return f"{'long' if discrepancy.difference > 0 else 'short'}:{discrepancy.statement.channel}"
