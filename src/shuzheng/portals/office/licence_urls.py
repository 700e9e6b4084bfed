"""Addresses of the licences' pages for officials."""

from __future__ import annotations

from django.urls import path

from shuzheng.portals.office.views import (
    licence_checking,
    licence_exporting,
    licence_importing,
    licence_issuing,
    licences,
    licensing,
)

urlpatterns = [
    path("office/licences/", licences.search, name="licences"),
    path("office/licences/expiring/", licences.expiring, name="licences-expiring"),
    path("office/licences/waiting/", licences.waiting, name="licences-waiting"),
    path("office/licences/types/", licences.types, name="licence-types"),
    path("office/licences/use/", licensing.use, name="licence-use"),
    path("office/licences/export.csv", licence_exporting.export, name="licence-export"),
    path("office/licences/import/", licence_importing.take_over, name="licence-import"),
    path("office/licences/import/<slug:code>.csv", licence_importing.template, name="licence-template"),
    path("office/licences/import/<uuid:batch_id>/undo/", licence_importing.undo, name="licence-import-undo"),
    path("office/licences/checks/", licence_checking.waiting, name="licence-checks"),
    path("office/licences/checks/<uuid:batch_id>/", licence_checking.table, name="licence-check"),
    path("office/licences/checks/<uuid:batch_id>/decide/", licence_checking.decide, name="licence-check-decide"),
    path("office/licences/new/", licence_issuing.issue, name="licence-issue"),
    path("office/licences/<uuid:licence_id>/", licences.licence, name="licence"),
    path("office/licences/<uuid:licence_id>/<str:verb>/", licensing.change, name="licence-change"),
]
