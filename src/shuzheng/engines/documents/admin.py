"""Operator screen: what was stored and what waits for the scanner, to look at; the bytes are not shown here."""

from __future__ import annotations

from django.contrib import admin

from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.policies import SCAN
from shuzheng.kernel.admin import ReadOnlyAdmin


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnlyAdmin):
    """Files, newest first; names stay out of the list, for people put names into names."""

    permission = SCAN
    list_display = ("id", "content_type", "size", "scan_status", "created_at")
    list_filter = ("scan_status", "content_type")
    fields = ("content_type", "size", "sm3", "scan_status", "created_at")
