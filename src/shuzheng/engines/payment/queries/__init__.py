"""The reads of payment; callers import names from here."""

from __future__ import annotations

from shuzheng.engines.payment.queries.bills import (
    GROUPS,
    WholeBill,
    bill_for,
    bills_of_case,
    own_bills,
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
    order_for,
    overdue_count,
    payout_lines,
    payout_rows,
    payout_sums,
    refund_for,
    refunds,
    statement,
    statements,
)
from shuzheng.engines.payment.queries.receipts import ReceiptStanding, receipt_for, taken_back, verify_receipt
from shuzheng.engines.payment.queries.standing import Standing, standings

__all__ = [
    "GROUPS", "BalanceRow", "ReceiptStanding", "Standing", "WholeBill", "account_postings", "balance", "batch_for", "batches",
    "bill_for", "bills_of_case", "discrepancies", "entries_of", "office_bill_rows", "office_bills", "order_for", "overdue_count",
    "own_bills", "payout_lines", "payout_rows", "payout_sums", "receipt_for", "refund_for", "refunds", "settled", "standings", "statement",
    "statements", "taken_back", "trial_balance", "verify_receipt",
]  # fmt: skip
