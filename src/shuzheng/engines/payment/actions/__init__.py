"""The verbs of payment; each module registers its own."""

from __future__ import annotations

from shuzheng.engines.payment.actions import bills, ordering, payouts, raising, reconciling, refunds, transferring

__all__ = ["bills", "ordering", "payouts", "raising", "reconciling", "refunds", "transferring"]
