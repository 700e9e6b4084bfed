"""Addresses of the archives' pages."""

from __future__ import annotations

from django.urls import path

from shuzheng.portals.office.views import archives, archiving

urlpatterns = [
    path("office/archive/", archives.search, name="archive"),
    path("office/archive/packages/<uuid:package_id>/", archives.package, name="archive-package"),
    path("office/archive/packages/<uuid:package_id>/export", archiving.export, name="archive-export"),
    path("office/archive/destruction/", archives.destruction, name="archive-destruction"),
    path("office/archive/destruction/<uuid:list_id>/", archives.destruction_list, name="archive-list"),
    path("office/archive/fixity/", archives.fixity, name="archive-fixity"),
    path("office/archive/backup/", archives.backup, name="archive-backup"),
    path("office/archive/transfers/", archives.transfers, name="archive-transfers"),
    path("office/archive/transfers/<uuid:transfer_id>/", archives.transfer, name="archive-transfer"),
    path("office/archive/transfers/<uuid:transfer_id>/batch", archiving.batch, name="archive-batch"),
    path("office/archive/transfers/<uuid:transfer_id>/receipt", archiving.receipt, name="archive-receipt"),
    path("office/archive/transfers/receive", archiving.receive_batch, name="archive-receive"),
    path("office/archive/do/<str:verb>/", archiving.change, name="archive-change"),
]
