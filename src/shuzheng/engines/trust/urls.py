"""Addresses of the public ledger: its page, its files (C2SP tlog-tiles), its witness (C2SP tlog-witness)."""

from __future__ import annotations

from django.urls import include, path

from shuzheng.engines.trust import views

pages = [
    path("", views.overview, name="ledger"),
    path("checkpoint", views.checkpoint, name="checkpoint"),
    path("witness/add-checkpoint", views.add_checkpoint, name="add-checkpoint"),
    path("entries/<uuid:entry_id>/evidence.json", views.entry_evidence, name="evidence"),
    path("<path:tile>", views.tile, name="tile"),
]

urlpatterns = [path("ledger/", include((pages, "trust")))]
