"""What supervisors did to processes (进程变动)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class ProcessEvent(models.Model):
    """One process added, retired, caught in a crash loop, or recovered from it (进程变动)."""

    class Kind(models.TextChoices):
        """What happened."""

        ADDED = "added", _("增加")
        RETIRED = "retired", _("减少")
        CRASH_LOOP = "crash-loop", _("反复崩溃")
        RECOVERED = "recovered", _("恢复")

    get_kind_display: Callable[[], str]
    id = IdField()
    host = models.CharField(_("主机"), max_length=100)
    program = models.CharField(_("进程"), max_length=80)
    kind = models.CharField(_("变动"), max_length=10, choices=Kind.choices)
    #: Processes that there are to be from then on.
    web = models.PositiveSmallIntegerField(_("网页进程"))
    workers = models.PositiveSmallIntegerField(_("后台进程"))
    reason = models.CharField(_("理由"), max_length=400, blank=True)
    at = models.DateTimeField(_("时间"), default=now)
    #: For a crash loop: when it ended.
    resolved_at = models.DateTimeField(_("解除时间"), null=True)

    class Meta:
        """Read newest first; what is in trouble now is found by a partial index."""

        verbose_name = _("进程变动")
        verbose_name_plural = _("进程变动")
        indexes: ClassVar = [
            models.Index(fields=["-at", "-id"], name="resources_process_recent"),
            models.Index(
                fields=["host", "program"],
                name="resources_process_trouble",
                condition=models.Q(kind="crash-loop", resolved_at=None),
            ),
        ]

    def __str__(self) -> str:
        """Return what happened to which process."""
        return f"{self.program} {self.kind}"
