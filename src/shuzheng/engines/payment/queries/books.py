"""Reads of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q, Sum

from shuzheng.engines.payment.models import (
    JournalEntry,
    LedgerAccount,
    Posting,
)
from shuzheng.kernel.page import Page, page


@dataclass(frozen=True)
class BalanceRow:
    """One account of the trial balance, in fen."""

    account: LedgerAccount
    debits: int
    credits: int

    @property
    def balance(self) -> int:
        """Return debits less credits."""
        return self.debits - self.credits


def trial_balance(until: date) -> list[BalanceRow]:
    """Return every account with what was posted to it up to and including a day (试算平衡表)."""
    rows = (
        Posting.objects.filter(day__lte=until)
        .values("account")
        .annotate(debits=Sum("amount", filter=Q(amount__gt=0)), credits=Sum(-F("amount"), filter=Q(amount__lt=0)))
        .order_by("account")
    )
    accounts = LedgerAccount.objects.in_bulk()
    return [BalanceRow(accounts[r["account"]], r["debits"] or 0, r["credits"] or 0) for r in rows]


def balance(account: str) -> int:
    """Return the balance of one account in fen, debits less credits."""
    return Posting.objects.filter(account=account).aggregate(sum=Sum("amount"))["sum"] or 0


def account_postings(code: str, *, after: str | None = None, size: int = 50) -> Page[Posting]:
    """Return one page of an account's postings with their entries, the latest first."""
    rows = Posting.objects.filter(account=code).select_related("entry")
    return page(rows, order=("-day", "-id"), after=after, size=size)


def entries_of(bill_id: UUID) -> list[JournalEntry]:
    """Return the entries of a bill with their postings, in order."""
    return list(JournalEntry.objects.filter(bill_id=bill_id).prefetch_related("postings").order_by("at"))
