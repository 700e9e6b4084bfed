"""Operator screens to look at: nothing can be added, changed or deleted, and no table is counted."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.core.paginator import Paginator

from shuzheng.kernel.policy import may

#: A screen shows only the newest rows; the rest is found through the engine's own search.
NEWEST = 1000


class NewestPaginator(Paginator):
    """Pages over the newest rows, without counting all of them."""

    def __init__(self, object_list: Any, *arguments: Any, **options: Any) -> None:
        """Cut the list."""
        super().__init__(object_list[:NEWEST], *arguments, **options)


class ReadOnlyAdmin(admin.ModelAdmin):
    """A screen on which rows that only actions and jobs write are looked at; a subclass names the permission."""

    #: Who may look.
    permission: ClassVar[str]
    actions = None
    ordering = ("-pk",)
    paginator = NewestPaginator
    show_full_result_count = False
    list_per_page = 50

    def has_module_permission(self, request: Any) -> bool:
        """Show the screen to whoever holds the permission."""
        return may(request.actor, self.permission)

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        """Let whoever holds the permission look."""
        return may(request.actor, self.permission)

    def has_add_permission(self, request: Any) -> bool:
        """Nothing is added by hand."""
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Nothing is changed by hand."""
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Nothing is deleted by hand."""
        return False
