"""Emergency measures: a service put into a declared degraded mode, for a time (应急措施)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Measure(models.Model):
    """One measure: asked for, in force for a time, ended, and reviewed where nobody approved it beforehand."""

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked", _("待批准")
        ACTIVE = "active", _("执行中")
        ENDED = "ended", _("已结束")
        DECLINED = "declined", _("未批准")

    get_state_display: Callable[[], str]
    id = IdField()
    service = models.CharField(_("服务"), max_length=41)
    mode = models.CharField(_("措施"), max_length=41)
    title = models.CharField(_("名称"), max_length=60)
    #: What residents are told, the reason included.
    notice = models.CharField(_("公告"), max_length=400)
    reason = models.CharField(_("原因"), max_length=200)
    #: What it pauses and holds, as declared when it was asked for.
    pauses = models.JSONField(default=list)
    holds = models.JSONField(default=list)
    banner = models.BooleanField(default=True)
    #: Everything happens but the pause itself.
    drill = models.BooleanField(_("演练"), default=False)
    minutes = models.PositiveIntegerField(_("时长（分钟）"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices)
    asked_by_id: UUID | None
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    asked_by_name = models.CharField(_("申请人"), max_length=100)
    asked_at = models.DateTimeField(_("申请时间"), default=now)
    #: Put in force by the operator on duty alone; somebody else must review it.
    at_once = models.BooleanField(_("先执行后复核"), default=False)
    decided_by_name = models.CharField(_("批准或复核人"), max_length=100, blank=True)
    decided_at = models.DateTimeField(_("批准或复核时间"), null=True)
    #: The reviewer's words.
    review = models.CharField(_("复核意见"), max_length=500, blank=True)
    starts_at = models.DateTimeField(_("开始时间"), null=True)
    ends_at = models.DateTimeField(_("结束时间"), null=True)
    ended_by_name = models.CharField(_("结束人"), max_length=100, blank=True)

    class Meta:
        """One open measure of a mode; the latest first."""

        verbose_name = _("应急措施")
        verbose_name_plural = _("应急措施")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["service", "mode"], condition=Q(state__in=["asked", "active"]), name="resources_measure_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["service", "-asked_at"], name="resources_measure_service")]

    def __str__(self) -> str:
        """Return service and title."""
        return f"{self.service} {self.title}"

    @property
    def unreviewed(self) -> bool:
        """Say whether somebody still has to look at it."""
        return self.at_once and self.decided_at is None
