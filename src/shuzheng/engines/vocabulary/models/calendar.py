"""What officers enter into the working calendar (工作日历); both tables only grow, and the latest row counts."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class CalendarYear(models.Model):
    """A year's holidays as the State Council announced them (放假安排), entered before a release of the library has them."""

    class Status(models.TextChoices):
        """Whether the year counts as announced."""

        ANNOUNCED = "announced", _("已公布")
        #: An entry was taken back: what the library says counts again.
        PROVISIONAL = "provisional", _("暂定")

    id = IdField()
    year = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, choices=Status.choices)
    #: Number of the notice: 国办发明电〔2026〕1号.
    notice = models.CharField(max_length=80)
    #: ``[{"day": "2027-10-01", "working": false, "name": "国庆节"}, …]``
    days = models.JSONField(default=list)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        """A handful of rows."""

        verbose_name = _("年度放假安排")
        verbose_name_plural = _("年度放假安排")
        ordering: ClassVar = ["year", "id"]

    def __str__(self) -> str:
        """Return the year and its notice."""
        return f"{self.year} {self.notice}"

    def in_use(self, day: date) -> bool:
        """Say whether the first day that the entry tells of has come; a notice may touch the end of the year before."""
        return min([f"{self.year}-01-01", *(special["day"] for special in self.days)]) <= day.isoformat()


class CalendarProposal(models.Model):
    """A change of the country's calendar as one officer entered it (录入待确认), with what it would do, for another to confirm."""

    class Kind(models.TextChoices):
        """What would change."""

        ANNOUNCE = "announce", _("公布放假安排")
        WITHDRAW = "withdraw", _("撤回放假安排")
        WORKDAY = "workday", _("调整工作日")

    class State(models.TextChoices):
        """What became of it."""

        PROPOSED = "proposed", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        DISCARDED = "discarded", _("已作废")

    id = IdField()
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.ANNOUNCE)
    year = models.PositiveSmallIntegerField()
    #: Number of the notice; of a withdrawal and of a single day the reason.
    notice = models.CharField(max_length=80)
    #: As ``CalendarYear.days``; none of a withdrawal; of a single day that one, where no ``working`` takes an override back.
    days = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    #: Account; none for the platform.
    proposed_by = models.UUIDField(null=True)
    proposed_by_name = models.CharField(max_length=80)
    proposed_at = models.DateTimeField(default=now)
    decided_by_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    #: Open cases looked at so far, and those that would be due earlier and later.
    seen = models.PositiveIntegerField(default=0)
    earlier = models.PositiveIntegerField(default=0)
    later = models.PositiveIntegerField(default=0)
    #: When the counting ended; none while it goes on.
    weighed_at = models.DateTimeField(null=True)

    class Meta:
        """A handful of rows; of a year's holidays one proposal is open at most."""

        verbose_name = _("工作日历录入")
        verbose_name_plural = _("工作日历录入")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["year"],
                condition=models.Q(state="proposed") & ~models.Q(kind="workday"),
                name="vocabulary_one_proposal",
            )
        ]

    def __str__(self) -> str:
        """Return the year and its notice."""
        return f"{self.year} {self.notice}"

    @property
    def weighed(self) -> bool:
        """Say whether its effect is known."""
        return self.weighed_at is not None


class WorkdayOverride(models.Model):
    """A day that a division works or rests otherwise than the country (地方工作日调整), for itself and all below it."""

    id = IdField()
    day = models.DateField()
    #: Twelve digits; empty for everywhere.
    division_code = models.CharField(max_length=12, blank=True)
    path = LtreeField()
    #: ``None`` takes earlier overrides of this day back.
    working = models.BooleanField(null=True)
    reason = models.CharField(max_length=200)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        """A handful of rows."""

        verbose_name = _("工作日调整")
        verbose_name_plural = _("工作日调整")
        ordering: ClassVar = ["day", "id"]

    def __str__(self) -> str:
        """Return the day and the reason."""
        return f"{self.day} {self.reason}"
