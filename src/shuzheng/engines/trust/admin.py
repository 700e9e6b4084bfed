"""Operator screens: the audit, the ledger, its witnesses and erasures, to look at and nothing else."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from shuzheng.engines.trust.models import AuditRecord, Erasure, LedgerEntry, TreeHead, WatchedLog, Witness
from shuzheng.engines.trust.policies import ERASE, READ_AUDIT
from shuzheng.kernel import audit
from shuzheng.kernel.policy import may

#: The admin shows only the newest; the rest is found through the search, which records who looks.
NEWEST = 1000


class NewestPaginator(Paginator):
    """Pages over the newest records, without counting all of them."""

    def __init__(self, object_list: Any, *arguments: Any, **options: Any) -> None:
        """Cut the list."""
        super().__init__(object_list[:NEWEST], *arguments, **options)


class ReadOnlyAdmin(admin.ModelAdmin):
    """A screen on which nothing can be added, changed or deleted."""

    list_display_links = None
    actions = None
    show_full_result_count = False
    paginator = NewestPaginator
    list_per_page = 50

    def has_module_permission(self, request: Any) -> bool:
        """Shown to whoever may read the audit."""
        return may(request.actor, READ_AUDIT)

    def has_view_permission(self, request: Any, obj: Model | None = None) -> bool:
        """Readable by whoever may read the audit."""
        return may(request.actor, READ_AUDIT)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted."""
        return False


@admin.register(AuditRecord)
class AuditRecordAdmin(ReadOnlyAdmin):
    """The newest audit records; who looks at them is itself in the audit."""

    list_display = [
        "at",
        "kind",
        "name",
        "result",
        "actor_name",
        "party_name",
        "subject_type",
        "purpose",
        "channel",
    ]
    ordering = ["-at", "-id"]

    def changelist_view(self, request: Any, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Record the look, then show."""
        audit.record(audit.Entry(kind="read", name="trust.admin_audit", actor=request.actor))
        return super().changelist_view(request, extra_context)


@admin.register(TreeHead)
class TreeHeadAdmin(ReadOnlyAdmin):
    """The signed heads of the ledger."""

    list_display = ["at", "size"]
    ordering = ["-size"]


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    """The newest public entries."""

    list_display = ["at", "kind", "subject", "digest"]
    ordering = ["-number"]


@admin.register(WatchedLog)
class WatchedLogAdmin(ReadOnlyAdmin):
    """The logs for which we are a witness, and whether one of them showed a fork."""

    list_display = ["origin", "size", "seen_at", "refused_at", "forked"]
    ordering = ["origin"]


@admin.register(Witness)
class WitnessAdmin(ReadOnlyAdmin):
    """The witnesses of our log."""

    list_display = ["__str__", "url", "active", "size", "trouble"]
    ordering = ["key"]


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    """Erasures asked for and carried out, for those who may."""

    list_display = ["id", "basis", "asked_at", "erased_at"]
    ordering = ["-id"]

    def has_module_permission(self, request: Any) -> bool:
        """Shown to whoever may erase."""
        return may(request.actor, ERASE)

    def has_view_permission(self, request: Any, obj: Model | None = None) -> bool:
        """Readable by whoever may erase."""
        return may(request.actor, ERASE)
