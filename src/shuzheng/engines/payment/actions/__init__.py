"""The verbs of payment; each module registers its own."""

from __future__ import annotations

from shuzheng.engines.payment.actions import (
    bills,
    due,
    ordering,
    payouts,
    raising,
    reconciling,
    refund_requests,
    refunds,
    settling,
    transferring,
)

__all__ = [
    "bills",
    "due",
    "ordering",
    "payouts",
    "raising",
    "reconciling",
    "refund_requests",
    "refunds",
    "settling",
    "transferring",
]
