"""Addresses of the pages of single files."""

from __future__ import annotations

from django.urls import path

from shuzheng.portals.office.views import files

urlpatterns = [
    path("office/files/<uuid:file_id>/", files.file, name="file"),
    path("office/files/<uuid:file_id>/<str:verb>", files.change, name="file-change"),
]
