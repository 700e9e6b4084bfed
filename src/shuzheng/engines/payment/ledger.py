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
from typing import Any, cast
from uuid import UUID

import orjson
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.payment.models import JournalEntry, LedgerAccount, Posting
from shuzheng.kernel.postgresql.base import DatabaseWrapper

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
#: Entries whose key is known are left out with their postings. Accounts are opened in one order, so that two never wait for each other.
_BOOK = """
WITH made AS (
    INSERT INTO payment_journalentry (id, key, memo, day, at, bill_id, case_id, size)
    SELECT id, key, memo, day, at, bill_id, case_id, size FROM json_populate_recordset(NULL::payment_journalentry, %s)
    ON CONFLICT (key) DO NOTHING RETURNING id
), opened AS (
    INSERT INTO payment_ledgeraccount (code, title, kind, subject)
    SELECT code, title, kind, subject FROM json_populate_recordset(NULL::payment_ledgeraccount, %s)
    ORDER BY code ON CONFLICT DO NOTHING
), posted AS (
    INSERT INTO payment_posting (id, entry_id, account_id, day, amount)
    SELECT p.id, p.entry_id, p.account_id, p.day, p.amount
    FROM json_populate_recordset(NULL::payment_posting, %s) p JOIN made ON made.id = p.entry_id
)
SELECT id FROM made
"""


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


@dataclass(frozen=True)
class Draft:
    """An entry that is to be made."""

    key: str
    memo: str
    amounts: Iterable[Amount]
    bill_id: UUID | None = None
    case_id: UUID | None = None


def book(
    key: str, memo: str, amounts: Iterable[Amount], *, bill_id: UUID | None = None, case_id: UUID | None = None
) -> JournalEntry | None:
    """Make an entry in the current transaction and return it; ``None`` if it was made before or nothing moves.

    Raises IntegrityError at the commit if it does not balance; the database sees to that.
    """
    return next(iter(book_all([Draft(key, memo, amounts, bill_id, case_id)])), None)


def book_all(drafts: Iterable[Draft]) -> list[JournalEntry]:
    """Make entries and open their accounts in one statement; return those that were not made before."""
    entries: list[JournalEntry] = []
    postings: list[Posting] = []
    accounts: dict[str, dict[str, str]] = {}
    for draft in drafts:
        if merged := _merged(draft.amounts):
            entry = JournalEntry(
                key=draft.key, memo=draft.memo[:300], bill_id=draft.bill_id, case_id=draft.case_id, size=len(merged)
            )
            entries.append(entry)
            postings += [Posting(entry=entry, account_id=a.account, day=entry.day, amount=a.amount) for a in merged]
            accounts.update({a.account: _account(a) for a in merged})
    if not entries:
        return []
    with cast(DatabaseWrapper, connections[DEFAULT_DB_ALIAS]).prepared() as cursor:
        cursor.execute(_BOOK, [_json(map(_row, entries)), _json(accounts.values()), _json(map(_row, postings))])
        made = {row[0] for row in cursor.fetchall()}
    return [entry for entry in entries if entry.pk in made]


def _row(row: JournalEntry | Posting) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _json(rows: Iterable[dict[str, Any]]) -> str:
    return orjson.dumps(list(rows), default=str).decode()


def _merged(amounts: Iterable[Amount]) -> list[Amount]:
    """Add up what falls on one account and leave out what comes to nothing."""
    total: dict[str, Amount] = {}
    for a in amounts:
        before = total.get(a.account)
        total[a.account] = Amount(a.account, a.amount + (before.amount if before else 0), a.of)
    return [a for a in total.values() if a.amount]


def _account(a: Amount) -> dict[str, str]:
    """Return the account that an amount falls on, should it have to be opened."""
    subject, _colon, whom = a.account.partition(":")
    words, kind = SUBJECTS[subject]
    return {"code": a.account, "title": f"{words} {a.of or whom}"[:200], "kind": kind, "subject": subject}
