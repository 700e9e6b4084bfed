"""Alerts: a budget burns too fast (告警)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Alert(models.Model):
    """One time that a rule of an objective fired; open until the short window is calm again."""

    class Severity(models.TextChoices):
        """Whether it wakes somebody."""

        PAGE = "page", _("紧急")
        TICKET = "ticket", _("一般")

    get_severity_display: Callable[[], str]
    id = IdField()
    service = models.CharField(_("服务"), max_length=41)
    objective = models.CharField(_("目标"), max_length=41)
    rule = models.CharField(_("规则"), max_length=41)
    severity = models.CharField(_("级别"), max_length=10, choices=Severity.choices)
    #: Burn rates over the long and the short window when it opened.
    burn_long = models.FloatField(_("长窗口消耗倍数"))
    burn_short = models.FloatField(_("短窗口消耗倍数"))
    opened_at = models.DateTimeField(_("发生时间"), default=now)
    closed_at = models.DateTimeField(_("解除时间"), null=True)
    #: Who took it up, and what they found.
    taken_by = models.CharField(_("处理人"), max_length=100, blank=True)
    taken_at = models.DateTimeField(_("开始处理"), null=True)
    note = models.CharField(_("处理记录"), max_length=500, blank=True)

    class Meta:
        """A rule of an objective has one open alert at most; read by service, the latest first."""

        verbose_name = _("告警")
        verbose_name_plural = _("告警")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["service", "objective", "rule"],
                condition=Q(closed_at=None),
                name="resources_alert_open_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["service", "-opened_at"], name="resources_alert_service")]

    def __str__(self) -> str:
        """Return service, objective and rule."""
        return f"{self.service} {self.objective} {self.rule}"
