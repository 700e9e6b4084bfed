"""Addresses of the pages of money."""

from __future__ import annotations

from django.urls import path

from shuzheng.portals.office.views import bills, payouts, reconciliation

urlpatterns = [
    path("office/bills/", bills.bills, name="bills"),
    path("office/bills/export/", bills.export, name="bills-export"),
    path("office/bills/<uuid:bill_id>/", bills.bill, name="bill"),
    path("office/bills/<uuid:bill_id>/do/<str:verb>", bills.change, name="bill-change"),
    path("office/refunds/", bills.refunds, name="refunds"),
    path("office/refunds/<uuid:refund_id>/do/<str:verb>", bills.decide, name="refund-decide"),
    path("office/reconciliation/", reconciliation.days, name="reconciliation"),
    path("office/reconciliation/run/", reconciliation.run, name="reconciliation-run"),
    path("office/reconciliation/<uuid:statement_id>/", reconciliation.day, name="reconciliation-day"),
    path("office/reconciliation/<uuid:statement_id>/export/", reconciliation.export, name="reconciliation-export"),
    path("office/reconciliation/<uuid:statement_id>/day.ofd", reconciliation.sheet, {"form": "ofd"}, name="day-ofd"),
    path("office/reconciliation/<uuid:statement_id>/day.pdf", reconciliation.sheet, {"form": "pdf"}, name="day-pdf"),
    path("office/reconciliation/settle/<uuid:discrepancy_id>/", reconciliation.settle, name="reconciliation-settle"),
    path(
        "office/reconciliation/settle/<uuid:discrepancy_id>/<str:verb>", reconciliation.settle, name="reconciliation-do"
    ),
    path("office/balance/", reconciliation.balance, name="balance"),
    path("office/balance/<path:code>/", reconciliation.account, name="balance-account"),
    path("office/payouts/", payouts.payouts, name="payouts"),
    path("office/payouts/new/", payouts.new, name="payout-new"),
    path("office/payouts/<uuid:batch_id>/", payouts.batch, name="payout"),
    path("office/payouts/<uuid:batch_id>/export/", payouts.export, name="payout-export"),
    path("office/payouts/<uuid:batch_id>/do/<str:verb>", payouts.change, name="payout-change"),
]
