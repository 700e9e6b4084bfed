"""Operator screen: what went out and what did not; neither addresses nor messages are shown."""

from __future__ import annotations

from django.contrib import admin

from shuzheng.engines.messaging.models import Delivery
from shuzheng.engines.messaging.policies import SEND
from shuzheng.kernel.admin import ReadOnlyAdmin


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Deliveries, newest first."""

    permission = SEND
    list_display = ("id", "channel", "status", "attempts", "due_at", "sent_at")
    list_filter = ("status", "channel")
    fields = ("channel", "text", "status", "attempts", "due_at", "sent_at")
