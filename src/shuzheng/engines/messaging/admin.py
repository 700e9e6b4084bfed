"""Operator screens: what went out and what did not, budgets, systems; neither addresses nor messages are shown."""

from __future__ import annotations

from django.contrib import admin

from shuzheng.engines.messaging.models import Budget, Delivery, ProviderHealth, Tally, WebhookTarget
from shuzheng.engines.messaging.policies import OPERATE
from shuzheng.kernel.admin import ReadOnlyAdmin


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Deliveries, newest first."""

    permission = OPERATE
    list_display = ("id", "channel", "status", "attempts", "provider", "reason", "due_at", "sent_at")
    list_filter = ("status", "channel")
    fields = ("channel", "title", "department", "status", "attempts", "provider", "reason", "due_at", "sent_at")


@admin.register(ProviderHealth)
class ProviderHealthAdmin(ReadOnlyAdmin):
    """How providers fare."""

    permission = OPERATE
    list_display = ("name", "failures", "open_until", "failed_at", "recovered_at", "reason")


@admin.register(Budget)
class BudgetAdmin(ReadOnlyAdmin):
    """Limits of departments."""

    permission = OPERATE
    list_display = ("department", "channel", "daily")


@admin.register(Tally)
class TallyAdmin(ReadOnlyAdmin):
    """What was sent by day."""

    permission = OPERATE
    list_display = ("day", "department", "channel", "used", "sent", "delivered", "failed")
    list_filter = ("channel",)


@admin.register(WebhookTarget)
class WebhookTargetAdmin(ReadOnlyAdmin):
    """Systems that are told of events; never their secrets."""

    permission = OPERATE
    list_display = ("title", "application", "url", "events", "active")
    fields = ("title", "application", "url", "events", "active", "created_at")
