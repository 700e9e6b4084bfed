"""Operator screens of forms: drafts by number and age, never by content."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from shuzheng.engines.forms.models import Draft


@admin.register(Draft)
class DraftAdmin(admin.ModelAdmin):
    """Drafts, without what is in them; nothing can be changed here."""

    list_display = ("subject", "form_key", "progress", "revision", "updated_at", "discarded_at")
    fields = ("subject", "form_key", "progress", "revision", "created_at", "updated_at", "discarded_at")
    readonly_fields = ("subject", "form_key", "progress", "revision", "created_at", "updated_at", "discarded_at")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Drafts are written by actions only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Draft | None = None) -> bool:
        """Drafts are written by actions only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Draft | None = None) -> bool:
        """Drafts are deleted by their owners and by time."""
        return False
