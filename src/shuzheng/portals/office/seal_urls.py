"""Addresses of the seals' pages."""

from __future__ import annotations

from django.urls import path

from shuzheng.portals.office.views import seal_log, sealing, seals

urlpatterns = [
    path("office/seals/", seals.mine, name="seals"),
    path("office/seals/ask/<uuid:grant_id>/", seals.ask, name="seal-ask"),
    path("office/seals/ask/<uuid:grant_id>/send", sealing.request_use, name="seal-request-use"),
    path("office/seals/requests/<uuid:request_id>/", seals.one_request, name="seal-request"),
    path("office/seals/approvals/", seals.approvals, name="seal-approvals"),
    path("office/seals/log/", seal_log.log, name="seal-log"),
    path("office/seals/log/export/", seal_log.export, name="seal-export"),
    path("office/seals/manage/", seals.manage, name="seal-manage"),
    path("office/seals/do/<str:verb>/", sealing.change, name="seal-change"),
    path("office/seals/<uuid:seal_id>/", seals.seal, name="seal"),
]
