"""Operator screen: what went out and what did not; neither addresses nor messages are shown."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from shuzheng.engines.messaging.models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    """Deliveries, newest first by key; nothing can be changed."""

    list_display = ("id", "channel", "status", "attempts", "due_at", "sent_at")
    list_filter = ("status", "channel")
    fields = ("channel", "text", "status", "attempts", "due_at", "sent_at")
    ordering = ("-id",)
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: Any) -> bool:
        """Refuse: deliveries follow messages."""
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Refuse: what happened happened."""
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Refuse: it proves that somebody was told."""
        return False
