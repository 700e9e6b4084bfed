"""Officials, the posts they hold and what they delegate (公职人员, 任职, 委托)."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuzheng.engines.identity.models.account import Account
from shuzheng.engines.identity.models.organisation import Post
from shuzheng.engines.identity.models.person import Person
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class DateSpan(Func):
    """The PostgreSQL range of two date columns, both days included; an open end is unbounded."""

    function = "DATERANGE"

    def __init__(self, first: str = "valid_from", last: str = "valid_to") -> None:
        """Name the columns of the first and the last day."""
        boundary = RangeBoundary(inclusive_lower=True, inclusive_upper=True)
        super().__init__(F(first), F(last), boundary, output_field=DateRangeField())


def dates_in_order(name: str) -> models.CheckConstraint:
    """Return the constraint that the last day is not before the first."""
    return models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name=name)


class Officer(models.Model):
    """An official (公职人员): a person in service, with the account used on duty."""

    id = IdField()
    account_id: UUID
    person_id: UUID
    person = models.OneToOneField(
        Person, models.PROTECT, related_name="officer", verbose_name=pgettext_lazy("field", "本人")
    )
    account = models.OneToOneField(Account, models.PROTECT, related_name="officer", verbose_name=_("账户"))
    #: Number on the service card (工号).
    number = models.CharField(_("工号"), max_length=40, unique=True)
    left_on = models.DateField(_("离职日期"), null=True)
    created_at = models.DateTimeField(_("登记时间"), default=now)

    class Meta:
        """One officer per person and per account."""

        verbose_name = _("公职人员")
        verbose_name_plural = _("公职人员")

    def __str__(self) -> str:
        """Return the service number."""
        return self.number


class Appointment(models.Model):
    """An officer holding a post for a time (任职)."""

    id = IdField()
    officer_id: UUID
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="appointments", verbose_name=_("公职人员"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments", verbose_name=_("岗位"))
    valid_from = models.DateField(_("任职日期"))
    #: Last day in the post; ``None`` while it lasts.
    valid_to = models.DateField(_("免职日期"), null=True)

    class Meta:
        """The same officer holds the same post once at a time."""

        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="identity_appointment_overlap",
                expressions=[
                    (F("officer"), RangeOperators.EQUAL),
                    (F("post"), RangeOperators.EQUAL),
                    (DateSpan(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这位工作人员在这段时间已经担任该岗位。"),
            ),
            dates_in_order("identity_appointment_dates"),
        ]

    def __str__(self) -> str:
        """Return the dates."""
        return f"{self.valid_from} – {self.valid_to or ''}"


class Delegation(models.Model):
    """An officer's duties carried by a colleague for a time (委托代理): posts only, never an administrator's role."""

    id = IdField()
    principal_id: UUID
    delegate_id: UUID
    principal = models.ForeignKey(Officer, models.CASCADE, related_name="delegations_given", verbose_name=_("委托人"))
    delegate = models.ForeignKey(Officer, models.CASCADE, related_name="delegations_held", verbose_name=_("受托人"))
    valid_from = models.DateField(_("开始日期"))
    valid_to = models.DateField(_("截止日期"))
    reason = models.CharField(_("原因"), max_length=200)
    created_at = models.DateTimeField(_("登记时间"), default=now)

    class Meta:
        """Duties go to one colleague at a time, never to oneself."""

        verbose_name = _("委托")
        verbose_name_plural = _("委托")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="identity_delegation_overlap",
                expressions=[(F("principal"), RangeOperators.EQUAL), (DateSpan(), RangeOperators.OVERLAPS)],
                violation_error_message=_("这段时间已经委托给了另一位同事。"),
            ),
            models.CheckConstraint(condition=~Q(principal=F("delegate")), name="identity_delegation_two_officers"),
            dates_in_order("identity_delegation_dates"),
        ]

    def __str__(self) -> str:
        """Return the dates."""
        return f"{self.valid_from} – {self.valid_to}"
