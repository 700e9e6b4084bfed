"""Outcomes of a service by minute and by day (服务计数)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField


class Span(models.TextChoices):
    """How long a row counts."""

    MINUTE = "minute", _("分钟")
    DAY = "day", _("天")


class Counter(models.Model):
    """How often a service was used in one minute or on one day, how often it went well, how long it took.

    Every process adds to the row every few seconds. Minutes are kept for two days, days for over a year.
    """

    id = IdField()
    service = models.CharField(_("服务"), max_length=41)
    span = models.CharField(_("跨度"), max_length=6, choices=Span.choices)
    #: First moment; a day begins at midnight of legal local time.
    start = models.DateTimeField(_("开始"))
    good = models.BigIntegerField(_("正常次数"))
    total = models.BigIntegerField(_("总次数"))
    #: By class of duration, see ``kernel.outcomes.BOUNDS``.
    buckets = ArrayField(models.BigIntegerField(), verbose_name=_("按耗时"))

    class Meta:
        """One row for one span of one service, found by span and time."""

        verbose_name = _("服务计数")
        verbose_name_plural = _("服务计数")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["span", "start", "service"], name="resources_counter_once")
        ]

    def __str__(self) -> str:
        """Return service and time."""
        return f"{self.service} {self.start:%Y-%m-%d %H:%M}"
