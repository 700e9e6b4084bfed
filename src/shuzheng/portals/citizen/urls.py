"""Addresses of the residents' portal."""

from __future__ import annotations

from django.urls import path

from shuzheng.portals.citizen.views import (
    acts,
    applying,
    bills,
    cases,
    drafts,
    handing_in,
    home,
    inbox,
    me,
    reads,
    reviewing,
    services,
    starting,
)

app_name = "citizen"
urlpatterns = [
    path("", home.home, name="home"),
    path("place/", home.place, name="place"),
    path("help/", home.help_page, name="help"),
    path("accessibility/", home.accessibility, name="accessibility"),
    path("services/", services.search, name="services"),
    path("services/suggest", services.suggest, name="suggest"),
    path("services/<str:code>/", services.guide, name="guide"),
    path("services/<str:code>/apply/", starting.start, name="start"),
    path("apply/<uuid:draft_id>/form/", applying.form, name="form"),
    path("apply/<uuid:draft_id>/materials/", handing_in.materials, name="materials"),
    path("apply/<uuid:draft_id>/review/", reviewing.review, name="review"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("drafts/<uuid:draft_id>/discard", drafts.discard, name="discard-draft"),
    path("drafts/<uuid:draft_id>/restore", drafts.restore, name="restore-draft"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/<uuid:case_id>/", cases.case, name="case"),
    path("cases/<uuid:case_id>/receipt/", cases.receipt, name="receipt"),
    path("cases/<uuid:case_id>/application/", cases.application, name="application"),
    path("cases/<uuid:case_id>/due.ics", cases.due_date, name="due-date"),
    path("cases/<uuid:case_id>/supplement/", acts.supplement, name="supplement"),
    path("cases/<uuid:case_id>/withdraw/", acts.withdraw, name="withdraw"),
    path("cases/<uuid:case_id>/rate/", acts.rate, name="rate"),
    path("bills/", bills.bill_list, name="bills"),
    path("bills/<uuid:bill_id>/", bills.bill, name="bill"),
    path("bills/<uuid:bill_id>/pay", bills.pay, name="bill-pay"),
    path("bills/<uuid:bill_id>/return/", bills.come_back, name="bill-return"),
    path("receipts/<uuid:receipt_id>/", bills.receipt, name="bill-receipt"),
    path("receipts/<uuid:receipt_id>/receipt.ofd", bills.receipt_file, {"form": "ofd"}, name="receipt-ofd"),
    path("receipts/<uuid:receipt_id>/receipt.pdf", bills.receipt_file, {"form": "pdf"}, name="receipt-pdf"),
    path("messages/", inbox.inbox, name="inbox"),
    path("messages/read", inbox.read_all, name="read-all"),
    path("messages/<uuid:message_id>/", inbox.message, name="message"),
    path("me/", me.me, name="me"),
    path("me/reads/", reads.reads, name="reads"),
    path("me/reads/export", reads.export, name="reads-export"),
    path("me/reads/<int:record_id>/evidence.json", reads.proof, name="read-proof"),
]
