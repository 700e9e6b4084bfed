"""Booking (记账): the accounts there are, and the one way to make an entry.

Subjects: ``clearing:<channel>`` money that an acquirer holds for us; ``fiscal:<unit>`` the part of the fiscal account
(财政专户) collected for a unit; ``due:<unit>`` revenue owed to the treasury for a unit (应缴非税收入);
``returning:<channel>`` money to be given back; ``long:<channel>`` and ``short:<channel>`` what reconciliation holds in
suspense (长款、短款); ``funds:<programme>``, ``sent:<channel>`` and ``paid:<programme>`` money for payouts: where it
comes from, on its way, arrived.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.payment.models import JournalEntry, LedgerAccount, Posting
from shuzheng.kernel.moment import today

Kind = LedgerAccount.Kind
#: Subject → words and side.
SUBJECTS: dict[str, tuple[Any, Kind]] = {
    "clearing": (_("渠道待清算"), Kind.ASSET),
    "fiscal": (_("财政专户"), Kind.ASSET),
    "short": (_("短款挂账"), Kind.ASSET),
    "sent": (_("发放在途"), Kind.ASSET),
    "due": (_("应缴非税收入"), Kind.LIABILITY),
    "returning": (_("应退款项"), Kind.LIABILITY),
    "long": (_("长款挂账"), Kind.LIABILITY),
    "funds": (_("专项资金"), Kind.ASSET),
    "paid": (_("已发放资金"), Kind.ASSET),
}


@dataclass(frozen=True)
class Amount:
    """An amount in fen on an account; debit positive, credit negative."""

    account: str
    amount: int
    #: Whose account it is, for its title.
    of: str = ""


def debit(account: str, amount: int, of: str = "") -> Amount:
    """Return an amount on the left side."""
    return Amount(account, amount, of)


def credit(account: str, amount: int, of: str = "") -> Amount:
    """Return an amount on the right side."""
    return Amount(account, -amount, of)


def book(
    key: str, memo: str, amounts: Iterable[Amount], *, bill_id: UUID | None = None, case_id: UUID | None = None
) -> JournalEntry | None:
    """Make an entry in the current transaction and return it; ``None`` if it was made before or nothing moves.

    Raises IntegrityError at the commit if it does not balance; the database sees to that.
    """
    merged = _merged(amounts)
    if not merged:
        return None
    entry = JournalEntry(key=key, memo=memo[:300], day=today(), bill_id=bill_id, case_id=case_id, size=len(merged))
    JournalEntry.objects.bulk_create([entry], ignore_conflicts=True)
    if not JournalEntry.objects.filter(pk=entry.pk).exists():
        return None
    _open_accounts(merged)
    Posting.objects.bulk_create(
        [Posting(entry=entry, account_id=a.account, day=entry.day, amount=a.amount) for a in merged]
    )
    return entry


def _merged(amounts: Iterable[Amount]) -> list[Amount]:
    """Add up what falls on one account and leave out what comes to nothing."""
    total: dict[str, Amount] = {}
    for a in amounts:
        before = total.get(a.account)
        total[a.account] = Amount(a.account, a.amount + (before.amount if before else 0), a.of)
    return [a for a in total.values() if a.amount]


def _open_accounts(amounts: list[Amount]) -> None:
    """Open the accounts that are not there yet."""
    accounts = []
    for a in amounts:
        subject, _colon, whom = a.account.partition(":")
        words, kind = SUBJECTS[subject]
        title = f"{words} {a.of or whom}"
        accounts.append(LedgerAccount(code=a.account, title=title[:200], kind=kind, subject=subject))
    LedgerAccount.objects.bulk_create(accounts, ignore_conflicts=True)
