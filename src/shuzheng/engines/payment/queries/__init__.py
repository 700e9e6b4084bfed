"""The reads of payment; callers import names from here."""

from __future__ import annotations

from shuzheng.engines.payment.queries.bills import (
    GROUPS,
    WholeBill,
    bill_for,
    bills_of_case,
    own_bills,
    receipt_for,
    settled,
)
from shuzheng.engines.payment.queries.books import (
    BalanceRow,
    account_postings,
    balance,
    entries_of,
    trial_balance,
)
from shuzheng.engines.payment.queries.office import (
    batch_for,
    batches,
    discrepancies,
    office_bill_rows,
    office_bills,
    payout_lines,
    payout_sums,
    refunds,
    statement,
    statements,
)

__all__ = [
    "GROUPS", "BalanceRow", "WholeBill", "account_postings", "balance", "batch_for", "batches", "bill_for", "bills_of_case",
    "discrepancies", "entries_of", "office_bill_rows", "office_bills", "own_bills", "payout_lines", "payout_sums",
    "receipt_for", "refunds", "settled", "statement", "statements", "trial_balance",
]  # fmt: skip
