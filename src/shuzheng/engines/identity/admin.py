"""Operator screens: to look at; everything is changed through actions, so that it is checked and audited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from shuzheng.engines.identity.models import Account, Appointment, Officer, OrgUnit, Role, RoleAssignment


class LookingAdmin(admin.ModelAdmin):
    """A screen on which nothing can be added, changed or deleted, and which never counts a whole table."""

    actions = None
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


@admin.register(Account)
class AccountAdmin(LookingAdmin):
    """Accounts, without passwords and without personal data."""

    list_display = ("username", "assurance", "is_active", "is_staff", "locked_at", "created_at")
    fields = (*list_display, "lock_reason", "password_changed_at", "last_login")
    search_fields = ("username",)
    ordering = ("username",)


@admin.register(OrgUnit)
class OrgUnitAdmin(LookingAdmin):
    """Units by code."""

    list_display = ("code", "name", "kind", "division_code", "synthetic")
    fields = (*list_display, "short_name", "closed_on")
    search_fields = ("code__startswith", "name")
    ordering = ("code",)


@admin.register(Officer)
class OfficerAdmin(LookingAdmin):
    """Officers by service number."""

    list_display = ("number", "person", "left_on")
    fields = list_display
    list_select_related = ("person",)
    search_fields = ("number",)
    ordering = ("number",)


@admin.register(Appointment)
class AppointmentAdmin(LookingAdmin):
    """Who holds which post."""

    list_display = ("officer", "post", "valid_from", "valid_to")
    fields = list_display
    list_select_related = ("officer", "post")
    search_fields = ("officer__number",)


@admin.register(Role)
class RoleAdmin(LookingAdmin):
    """Roles and what they allow."""

    list_display = ("code", "title", "administrator")
    fields = (*list_display, "permissions")


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(LookingAdmin):
    """Who holds which role where."""

    list_display = ("officer", "role", "scope", "valid_from", "valid_to")
    fields = (*list_display, "assigned_at")
    list_select_related = ("officer", "role")
    search_fields = ("officer__number", "role__code")
