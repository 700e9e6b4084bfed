"""Counters and states by which sending is steered: health of providers, budgets, tallies."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class ProviderHealth(models.Model):
    """How a provider fares (通道健康): the state of its circuit breaker, shared by all workers."""

    name = models.CharField(_("通道"), max_length=40, primary_key=True)
    failures = models.PositiveIntegerField(_("连续失败"), default=0)
    #: Until then nothing is tried through it.
    open_until = models.DateTimeField(_("停用至"), null=True)
    failed_at = models.DateTimeField(_("最近失败"), null=True)
    recovered_at = models.DateTimeField(_("恢复时间"), null=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        """A handful of rows."""

        verbose_name = _("通道健康")
        verbose_name_plural = _("通道健康")

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Budget(models.Model):
    """How many notices a department may send a day (每日额度); without a row, as many as it likes."""

    id = IdField()
    department = models.CharField(_("部门"), max_length=80)
    channel = models.CharField(_("方式"), max_length=10)
    daily = models.PositiveIntegerField(_("每日上限"))
    #: Percent of the limit at which its operators are warned; at all of it they are warned again.
    warn_at = models.PositiveSmallIntegerField(_("提醒比例"), default=80)

    class Meta:
        """One limit per department and channel."""

        verbose_name = _("每日额度")
        verbose_name_plural = _("每日额度")
        constraints = [models.UniqueConstraint(fields=["department", "channel"], name="messaging_one_budget")]

    def __str__(self) -> str:
        """Return department and channel."""
        return f"{self.department} {self.channel}"


class BudgetChange(models.Model):
    """One change of a limit (额度变更): who, when, from what to what."""

    id = IdField()
    department = models.CharField(_("部门"), max_length=80)
    channel = models.CharField(_("方式"), max_length=10)
    #: ``None``: no limit.
    before = models.PositiveIntegerField(_("原上限"), null=True)
    after = models.PositiveIntegerField(_("新上限"), null=True)
    by = models.CharField(_("经办人"), max_length=100)
    at = models.DateTimeField(_("时间"), default=now)

    class Meta:
        """Read by department and channel, the latest first."""

        verbose_name = _("额度变更")
        verbose_name_plural = _("额度变更")
        indexes = [models.Index(fields=["department", "channel", "-at", "-id"], name="messaging_budget_changes")]

    def __str__(self) -> str:
        """Return department and channel."""
        return f"{self.department} {self.channel}"


class Tally(models.Model):
    """What a department sent by a channel on a day (当日计数); limits and statistics never count over history."""

    id = IdField()
    day = models.DateField(_("日期"))
    department = models.CharField(_("部门"), max_length=80)
    channel = models.CharField(_("方式"), max_length=10)
    #: Taken up for sending; what budgets limit.
    used = models.PositiveIntegerField(_("占用额度"), default=0)
    sent = models.PositiveIntegerField(_("发出"), default=0)
    delivered = models.PositiveIntegerField(_("到达"), default=0)
    failed = models.PositiveIntegerField(_("失败"), default=0)
    #: Percent of the budget that was last warned of.
    warned = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """One row per day, department and channel."""

        verbose_name = _("当日计数")
        verbose_name_plural = _("当日计数")
        constraints = [models.UniqueConstraint(fields=["day", "department", "channel"], name="messaging_one_tally")]

    def __str__(self) -> str:
        """Return day and channel."""
        return f"{self.day} {self.channel}"
