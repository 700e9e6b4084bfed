"""How each service stands, as last evaluated (服务状态)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceState(models.Model):
    """The last evaluation of one service, ready to be shown."""

    service = models.CharField(_("服务"), max_length=41, primary_key=True)
    #: The worst of its objectives: ``no-data``, ``ok``, ``ticket``, ``page`` or ``spent``.
    state = models.CharField(_("状态"), max_length=10)
    #: One entry for each objective: code, state, share, budget left, outcomes, burn rates by rule.
    objectives = models.JSONField(_("目标"), default=list)
    #: Waiting jobs, and seconds that the oldest due one waits.
    waiting = models.IntegerField(_("排队任务"), default=0)
    queue_seconds = models.FloatField(_("最长等待"), default=0)
    #: Processes there should be, the larger of the two below; ``None`` without a policy.
    wanted = models.IntegerField(_("应有进程"), null=True)
    #: Workers, by the age of the queues; processes of the web, by the share of slow answers.
    workers = models.IntegerField(_("应有后台进程"), null=True)
    web = models.IntegerField(_("应有网页进程"), null=True)
    move = models.CharField(_("伸缩"), max_length=10, blank=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    web_reason = models.CharField(_("网页进程的理由"), max_length=200, blank=True)
    calm_since = models.DateTimeField(null=True)
    web_calm_since = models.DateTimeField(null=True)
    evaluated_at = models.DateTimeField(_("计算时间"))

    class Meta:
        """A dozen rows."""

        verbose_name = _("服务状态")
        verbose_name_plural = _("服务状态")

    def __str__(self) -> str:
        """Return service and state."""
        return f"{self.service} {self.state}"
