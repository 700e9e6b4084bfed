"""Addresses of the pages of connected applications."""

from __future__ import annotations

from django.urls import path

from shuzheng.portals.office.views import applications, connecting

urlpatterns = [
    path("office/applications/", applications.applications, name="applications"),
    path("office/applications/export/", applications.export, name="applications-export"),
    path("office/applications/review/", applications.review, name="applications-review"),
    path("office/applications/new/", connecting.new, name="application-new"),
    path("office/applications/<uuid:application_id>/", applications.application, name="application"),
    path("office/applications/<uuid:application_id>/amend/", connecting.amend, name="application-amend"),
    path("office/applications/<uuid:application_id>/calls/", applications.calls, name="application-calls"),
    path(
        "office/applications/<uuid:application_id>/webhooks/<uuid:target_id>/",
        applications.webhook,
        name="application-webhook",
    ),
    path("office/applications/<uuid:application_id>/do/<str:verb>/", connecting.change, name="application-change"),
]
