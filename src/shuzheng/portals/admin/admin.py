"""Operator screens of the kernel's own tables: which packs are loaded, which definitions in which versions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from shuzheng.kernel.admin import ReadOnlyAdmin
from shuzheng.kernel.models import DefinitionRecord, PackRelease
from shuzheng.kernel.policies import USE_ADMIN


@admin.register(PackRelease)
class PackReleaseAdmin(ReadOnlyAdmin):
    """Packs as they were loaded, the latest first."""

    permission = USE_ADMIN
    list_display_links = None
    list_display = ("code", "version", "title", "loaded_at", "content_hash")
    ordering = ("-loaded_at", "-id")


@admin.register(DefinitionRecord)
class DefinitionRecordAdmin(ReadOnlyAdmin):
    """Versions of definitions; they change through packs, and items through the office."""

    permission = USE_ADMIN
    list_display_links = None
    list_display = ("kind", "key", "version", "title", "status", "valid", "pack", "published_by", "published_at")
    list_filter = ("kind", "status")
    search_fields = ("key__startswith", "title")
    ordering = ("-created_at", "-id")

    def get_queryset(self, request: Any) -> Any:
        """Leave the bodies in the database."""
        return super().get_queryset(request).defer("body")
