"""Operator screens of money, to look at; people's names and accounts stay out of them."""

from __future__ import annotations

from django.contrib import admin

from shuzheng.engines.payment.models import (
    Bill,
    Discrepancy,
    JournalEntry,
    LedgerAccount,
    Order,
    PayoutBatch,
    Receipt,
    Refund,
    Statement,
)
from shuzheng.engines.payment.policies import READ, RECONCILE
from shuzheng.kernel.admin import ReadOnlyAdmin


@admin.register(Bill)
class BillAdmin(ReadOnlyAdmin):
    """Bills, newest first."""

    permission = READ
    list_display = ("number", "title", "amount", "state", "due_on", "paid_at")
    list_filter = ("state",)
    fields = ("number", "title", "case_number", "item_code", "amount", "refunded", "state", "due_on", "raised_at", "paid_at",
              "reason")  # fmt: skip


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    """Orders, newest first."""

    permission = READ
    list_display = ("number", "channel", "amount", "state", "settles", "created_at", "received_at")
    list_filter = ("channel", "state")
    fields = ("number", "channel", "amount", "state", "settles", "trade_number", "refunding", "created_at", "expires_at",
              "received_at", "asked_at")  # fmt: skip


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    """Refunds, newest first."""

    permission = READ
    list_display = ("number", "amount", "reason", "source", "state", "requested_at", "done_at")
    list_filter = ("state", "source")
    fields = ("number", "amount", "reason", "source", "state", "requested_at", "decided_at", "second_at", "sent_at", "done_at",
              "channel_number", "failure")  # fmt: skip


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    """Receipts, newest first; without their check codes."""

    permission = READ
    list_display = ("code", "number", "amount", "issued_at")
    fields = ("code", "number", "amount", "issued_at")


@admin.register(LedgerAccount)
class LedgerAccountAdmin(ReadOnlyAdmin):
    """Accounts of the ledger."""

    permission = READ
    list_display = ("code", "title", "kind")
    ordering = ("code",)


@admin.register(JournalEntry)
class JournalEntryAdmin(ReadOnlyAdmin):
    """Entries of the ledger, newest first."""

    permission = READ
    list_display = ("day", "memo", "key", "size")
    fields = ("day", "at", "memo", "key", "size")


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    """Daily files, newest first; their content stays in reconciliation."""

    permission = RECONCILE
    list_display = ("day", "channel", "state", "lines", "matched", "matched_at")
    list_filter = ("channel", "state")
    fields = ("day", "channel", "state", "trouble", "digest", "lines", "matched", "received", "refunded", "fetched_at",
              "matched_at")  # fmt: skip


@admin.register(Discrepancy)
class DiscrepancyAdmin(ReadOnlyAdmin):
    """Differences, newest first."""

    permission = RECONCILE
    list_display = ("kind", "number", "ours", "theirs", "state", "resolution", "found_at")
    list_filter = ("kind", "state")
    fields = ("kind", "number", "trade_number", "line", "ours", "theirs", "state", "resolution", "note", "found_at",
              "claimed_at", "resolved_at")  # fmt: skip


@admin.register(PayoutBatch)
class PayoutBatchAdmin(ReadOnlyAdmin):
    """Batches of payouts, newest first; their payees stay in the office's own pages."""

    permission = READ
    list_display = ("number", "programme", "title", "count", "total", "state", "made_at")
    list_filter = ("state",)
    fields = ("number", "programme", "title", "channel", "day", "count", "total", "state", "made_at", "checked_at",
              "released_at", "note")  # fmt: skip
