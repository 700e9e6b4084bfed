"""Roles in data and who holds them where (角色)."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.models.account import Account
from shuzheng.engines.identity.models.officer import DateSpan, Officer, dates_in_order
from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class Role(models.Model):
    """A named set of permissions (角色); the projection of the current definition of kind ``role``."""

    code = models.CharField(_("角色代码"), max_length=60, primary_key=True)
    title = models.CharField(_("角色名称"), max_length=100)
    permissions = ArrayField(models.CharField(max_length=100), verbose_name=_("权限"), default=list)
    #: One of the three administrators (三员), who exclude each other (GB/T 22239, 8.1.5).
    administrator = models.BooleanField(_("三员角色"), default=False)

    class Meta:
        """Few rows, read whole."""

        verbose_name = _("角色")
        verbose_name_plural = _("角色")

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class RoleAssignment(models.Model):
    """A role held by an officer within a division's subtree, for a time (授予角色)."""

    id = IdField()
    officer_id: UUID
    role_id: str
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="role_assignments", verbose_name=_("公职人员"))
    role = models.ForeignKey(Role, models.PROTECT, related_name="assignments", verbose_name=_("角色"))
    #: Path of the division; empty for everywhere.
    scope = LtreeField(verbose_name=_("区划范围"), blank=True)
    #: Copied from the role, for the constraint below.
    administrator = models.BooleanField(default=False, editable=False)
    valid_from = models.DateField(_("开始日期"))
    valid_to = models.DateField(_("截止日期"), null=True)
    assigned_by = models.ForeignKey(Account, models.SET_NULL, related_name="+", null=True)
    assigned_at = models.DateTimeField(_("授予时间"), default=now)

    class Meta:
        """No officer is two of the three administrators on one day, and nothing is assigned twice."""

        verbose_name = _("角色授予")
        verbose_name_plural = _("角色授予")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="identity_administrators_exclusive",
                expressions=[
                    (F("officer"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.NOT_EQUAL),
                    (DateSpan(), RangeOperators.OVERLAPS),
                ],
                condition=Q(administrator=True),
                violation_error_message=_("系统管理员、安全管理员、审计管理员不能由同一人担任。"),
            ),
            ExclusionConstraint(
                name="identity_role_assignment_overlap",
                expressions=[
                    (F("officer"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.EQUAL),
                    (F("scope"), RangeOperators.EQUAL),
                    (DateSpan(), RangeOperators.OVERLAPS),
                ],
            ),
            dates_in_order("identity_role_assignment_dates"),
        ]

    def __str__(self) -> str:
        """Return role and scope."""
        return f"{self.role_id} {self.scope}"
