"""Operator screens: cases without their content, clocks, items and reservations, to look at and nothing else."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.models import FAR_FUTURE, Case, Clock, NumberReservation, ServiceItem
from shuzheng.kernel.admin import ReadOnlyAdmin
from shuzheng.kernel.policies import USE_ADMIN


class LookOnly(ReadOnlyAdmin):
    """Base of casework's screens: cases change by acts alone, and operators open none of them."""

    permission = USE_ADMIN
    list_display_links = None
    list_max_show_all = 0


def labelled(field: str, label: Any) -> Any:
    """Return a column of a list with a heading in people's words; a due date that is none stays empty."""

    @admin.display(description=label, ordering=field)
    def column(record: Any) -> Any:
        shown = getattr(record, f"get_{field}_display", None)
        value = shown() if shown else getattr(record, field)
        return None if value == FAR_FUTURE else value

    column.__name__ = field
    return column


@admin.register(Case)
class CaseAdmin(LookOnly):
    """Cases by number; applicants and answers are not for operators."""

    list_display = tuple(
        labelled(field, label)
        for field, label in (
            ("number", _("办件编号")),
            ("title", _("事项")),
            ("state", _("状态")),
            ("result", _("结果")),
            ("division_code", _("区划")),
            ("channel", _("渠道")),
            ("filed_at", _("提交时间")),
            ("due_at", _("到期时间")),
            ("revision", _("修订")),
        )
    )
    ordering = ("-id",)

    def get_queryset(self, request: Any) -> Any:
        """Leave what operators need not see in the database."""
        return super().get_queryset(request).defer("answers", "applicant_name", "operator_name", "location")


@admin.register(Clock)
class ClockAdmin(LookOnly):
    """Clocks whose notice comes next, to see whether the job is alive."""

    list_display = tuple(
        labelled(field, label)
        for field, label in (
            ("code", _("时限")),
            ("state", _("状态")),
            ("notice_at", _("下次提醒")),
            ("noticed", _("已提醒")),
            ("due_at", _("到期时间")),
            ("provisional", _("暂定")),
            ("calendar_version", _("日历版本")),
        )
    )
    ordering = ("notice_at", "id")


@admin.register(ServiceItem)
class ServiceItemAdmin(LookOnly):
    """Items in force as they are searched."""

    list_display = tuple(
        labelled(field, label)
        for field, label in (
            ("code", _("代码")),
            ("title", _("名称")),
            ("kind", _("类型")),
            ("owner_kind", _("实施主体")),
            ("online", _("网上可办")),
            ("popularity", _("近一年申请")),
            ("updated_at", _("更新时间")),
        )
    )
    ordering = ("code",)


@admin.register(NumberReservation)
class NumberReservationAdmin(LookOnly):
    """Case numbers taken in advance."""

    list_display = tuple(
        labelled(field, label)
        for field, label in (
            ("number", _("办件编号")),
            ("division_code", _("区划")),
            ("item_code", _("事项")),
            ("reserved_at", _("预留时间")),
            ("used_at", _("使用时间")),
        )
    )
    ordering = ("-id",)
