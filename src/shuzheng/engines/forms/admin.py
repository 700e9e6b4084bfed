"""Operator screen of forms: drafts by number and age, never by content."""

from __future__ import annotations

from django.contrib import admin

from shuzheng.engines.forms.models import Draft
from shuzheng.engines.forms.policies import PURGE_DRAFTS
from shuzheng.kernel.admin import ReadOnlyAdmin


@admin.register(Draft)
class DraftAdmin(ReadOnlyAdmin):
    """Drafts, newest first, without what is in them."""

    permission = PURGE_DRAFTS
    list_display = ("subject", "form_key", "progress", "revision", "updated_at", "discarded_at")
    fields = ("subject", "form_key", "progress", "revision", "created_at", "updated_at", "discarded_at")
