"""Addresses of one's own files."""

from __future__ import annotations

from django.urls import path

from shuzheng.portals.citizen.views import files

urlpatterns = [
    path("my/files/", files.file_list, name="files"),
    path("my/files/<uuid:file_id>/", files.file, name="file"),
    path("my/files/<uuid:file_id>/<str:verb>", files.change, name="file-change"),
]
