"""Operator screen: the values of indicators, to look at."""

from __future__ import annotations

from django.contrib import admin

from shuzheng.engines.insight.models import IndicatorValue
from shuzheng.kernel.admin import ReadOnlyAdmin
from shuzheng.kernel.policies import USE_ADMIN


@admin.register(IndicatorValue)
class IndicatorValueAdmin(ReadOnlyAdmin):
    """Values by indicator; they come from the jobs alone."""

    permission = USE_ADMIN
    list_display = ("indicator", "division_path", "key", "day", "value", "vintage")
    list_filter = ("indicator",)
    ordering = ("indicator", "-day", "key")
    list_display_links = None
