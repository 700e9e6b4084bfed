"""What payment stores."""

from __future__ import annotations

from shuzheng.engines.payment.models.bill import Bill, BillLine, Exemption
from shuzheng.engines.payment.models.ledger import JournalEntry, LedgerAccount, Posting
from shuzheng.engines.payment.models.order import Order
from shuzheng.engines.payment.models.payout import PayoutBatch, PayoutLine
from shuzheng.engines.payment.models.receipt import Receipt
from shuzheng.engines.payment.models.reconciliation import Discrepancy, Statement
from shuzheng.engines.payment.models.refund import Refund

__all__ = [
    "Bill",
    "BillLine",
    "Discrepancy",
    "Exemption",
    "JournalEntry",
    "LedgerAccount",
    "Order",
    "PayoutBatch",
    "PayoutLine",
    "Posting",
    "Receipt",
    "Refund",
    "Statement",
]
