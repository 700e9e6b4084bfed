"""Operator screens: cases without their content, clocks, items and reservations, to look at and nothing else."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator

from shuzheng.engines.casework.models import Case, Clock, NumberReservation, ServiceItem

#: An operator's list shows only the newest; everything else is found through the office.
NEWEST = 1000


class NewestPaginator(Paginator):
    """Pages over the newest records, without counting all of them."""

    def __init__(self, object_list: Any, *arguments: Any, **options: Any) -> None:
        """Cut the list."""
        super().__init__(object_list[:NEWEST], *arguments, **options)


class LookOnly(admin.ModelAdmin):
    """Base of screens on which nothing can be changed: cases change by acts alone."""

    actions = None
    list_display_links = None
    show_full_result_count = False
    paginator = NewestPaginator
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


@admin.register(Case)
class CaseAdmin(LookOnly):
    """Cases by number; applicants and answers are not for operators."""

    list_display = ("number", "title", "state", "result", "division_code", "channel", "filed_at", "due_at", "revision")
    ordering = ("-id",)

    def get_queryset(self, request: Any) -> Any:
        """Leave what operators need not see in the database."""
        return super().get_queryset(request).only("id", *self.list_display)


@admin.register(Clock)
class ClockAdmin(LookOnly):
    """Clocks whose notice comes next, to see whether the job is alive."""

    list_display = ("id", "code", "state", "notice_at", "noticed", "due_at", "provisional", "calendar_version")
    ordering = ("notice_at", "id")


@admin.register(ServiceItem)
class ServiceItemAdmin(LookOnly):
    """Items in force as they are searched."""

    list_display = ("code", "title", "kind", "owner_kind", "online", "popularity", "updated_at")
    ordering = ("code",)


@admin.register(NumberReservation)
class NumberReservationAdmin(LookOnly):
    """Case numbers taken in advance."""

    list_display = ("number", "division_code", "item_code", "reserved_at", "used_at")
    ordering = ("-id",)
