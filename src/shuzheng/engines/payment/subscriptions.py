"""Which events payment's jobs follow up."""

from __future__ import annotations

from shuzheng.engines.payment.jobs import (
    close_order,
    release_refused,
    send_payout,
    send_refund,
    settle_orders,
    tell_payer,
)
from shuzheng.engines.payment.telling import TEMPLATES
from shuzheng.kernel.event import subscribe

for event in TEMPLATES:
    subscribe(event, tell_payer)
subscribe("payment.bill_paid", settle_orders)
subscribe("payment.bill_cancelled", settle_orders)
subscribe("payment.order_expired", close_order)
subscribe("casework.case_decided", release_refused)
subscribe("payment.refund_approved", send_refund)
subscribe("payment.payout_released", send_payout)
