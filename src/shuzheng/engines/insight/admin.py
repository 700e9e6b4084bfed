"""Operator screen: the values of indicators, to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from shuzheng.engines.insight.models import IndicatorValue


@admin.register(IndicatorValue)
class IndicatorValueAdmin(admin.ModelAdmin):
    """Values by indicator; they come from the jobs alone."""

    list_display = ("indicator", "division_path", "key", "day", "value", "vintage")
    list_filter = ("indicator",)
    ordering = ("indicator", "-day", "key")
    list_display_links = None
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: Any) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Refuse."""
        return False
