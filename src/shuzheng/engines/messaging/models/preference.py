"""What people want to be told, where and when (接收偏好)."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now

#: Nobody is woken between these unless they say otherwise.
QUIET_FROM, QUIET_UNTIL = time(22), time(7)


class Preference(models.Model):
    """One choice of a person (接收偏好): messages of a category by a channel, yes or no."""

    id = IdField()
    owner = models.UUIDField()
    category = models.CharField(_("类别"), max_length=20)
    #: ``inbox``, ``email`` or ``sms``.
    channel = models.CharField(_("方式"), max_length=10)
    wanted = models.BooleanField(_("接收"))
    changed_at = models.DateTimeField(default=now)

    class Meta:
        """One choice per person, category and channel; those who agreed are found by category."""

        constraints = [models.UniqueConstraint(fields=["owner", "category", "channel"], name="messaging_one_choice")]
        indexes = [
            models.Index(
                fields=["category", "owner"],
                name="messaging_agreed",
                condition=models.Q(channel="inbox", wanted=True),
            )
        ]

    def __str__(self) -> str:
        """Return category and channel."""
        return f"{self.category} {self.channel}"


class QuietHours(models.Model):
    """When a person is not to be disturbed outside the inbox (免打扰时段), in local time."""

    owner = models.UUIDField(primary_key=True)
    starts = models.TimeField(_("开始"), default=QUIET_FROM)
    ends = models.TimeField(_("结束"), default=QUIET_UNTIL)
    #: False: notices come at any hour.
    kept = models.BooleanField(_("启用"), default=True)
    #: Quiet all day on days off (节假日), by the working-day calendar.
    days_off = models.BooleanField(_("节假日全天免打扰"), default=False)

    class Meta:
        """One row per person who changed the usual hours."""

        verbose_name = _("免打扰时段")

    def __str__(self) -> str:
        """Return the hours."""
        return f"{self.starts}-{self.ends}"
