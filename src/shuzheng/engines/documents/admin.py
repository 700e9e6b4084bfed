"""Operator screen: what was stored and what waits for the scanner, to look at; the bytes are not shown here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from shuzheng.engines.documents.models import StoredFile


@admin.register(StoredFile)
class StoredFileAdmin(admin.ModelAdmin):
    """Files, newest first by key; nothing can be changed."""

    list_display = ("id", "content_type", "size", "scan_status", "created_at")
    list_filter = ("scan_status", "content_type")
    ordering = ("-id",)
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: Any) -> bool:
        """Refuse: files come through uploads."""
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Refuse: a stored file never changes."""
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Refuse: cases refer to it."""
        return False
