"""Operator screens: divisions can be looked at; they change only with a pack."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from shuzheng.engines.vocabulary.models import Division, DivisionBoundary, DivisionChange


class Facts(admin.ModelAdmin):
    """Base of the screens of facts that packs load: nothing can be added, changed or deleted by hand."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse."""
        return False


@admin.register(Division)
class DivisionAdmin(Facts):
    """Divisions by level, searched by name and code."""

    list_display = ["code", "name", "level", "full_name", "valid_from", "valid_to"]
    list_filter = ["level"]
    search_fields = ["name", "code__startswith"]


@admin.register(DivisionChange)
class DivisionChangeAdmin(Facts):
    """Changes of codes and names."""

    list_display = ["effective_on", "kind", "old_code", "old_name", "new_code", "new_name", "document"]
    list_filter = ["kind"]
    search_fields = ["old_name", "new_name", "old_code", "new_code"]


@admin.register(DivisionBoundary)
class DivisionBoundaryAdmin(Facts):
    """Which divisions have a boundary, and from where."""

    list_display = ["code", "source", "loaded_at"]
    fields = ["code", "source", "loaded_at"]
    search_fields = ["code__startswith"]
