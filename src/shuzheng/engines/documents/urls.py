"""Addresses of files and uploads."""

from __future__ import annotations

from django.urls import path

from shuzheng.engines.documents import tus, views

app_name = "documents"
urlpatterns = [
    path("upload/", tus.uploads, name="uploads"),
    path("upload/<uuid:id>", tus.upload, name="upload"),
    path("files/<uuid:id>", views.file, name="file"),
]
