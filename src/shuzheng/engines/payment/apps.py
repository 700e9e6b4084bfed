"""Django application of `payment`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.apps import EngineConfig


class PaymentConfig(EngineConfig):
    """Who pays whom: bills, channels, ledger, receipts, refunds, reconciliation, payouts."""

    name = "shuzheng.engines.payment"
    label = "payment"
    verbose_name = _("缴费与资金")
