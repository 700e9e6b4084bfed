"""Mandates: who may act for whom (授权与代办)."""

from __future__ import annotations

from datetime import date
from typing import cast
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.models.account import Account
from shuzheng.engines.identity.models.legal_person import LegalPerson
from shuzheng.engines.identity.models.person import Kinship, Person
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now

#: Stands for every service item.
ALL_ITEMS = "*"


class Mandate(models.Model):
    """The right to act for another (代理, 民法典 §161–175), visible, limited in scope and in time.

    The grantor is a firm or a person; the operator (经办人) is the person who acts. It takes effect when the side that
    did not propose it has agreed, or when an officer has confirmed it at the window from documents.
    """

    class Kind(models.TextChoices):
        """On what the right to act rests."""

        OPERATOR = "operator", _("企业经办人")
        RELATIVE = "relative", _("亲属代办")
        GUARDIAN = "guardian", _("监护人代办")

    class Status(models.TextChoices):
        """Life of a mandate; whether it has expired follows from its dates."""

        OFFERED = "offered", _("待对方确认")
        REQUESTED = "requested", _("待被代办人或窗口确认")
        ACTIVE = "active", _("有效")
        DECLINED = "declined", _("已谢绝")
        REVOKED = "revoked", _("已撤销")

    id = IdField()
    grantor_person_id: UUID | None
    grantor_legal_id: UUID | None
    operator_id: UUID
    confirmed_by_id: UUID | None
    ended_by_id: UUID | None
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    grantor_person = models.ForeignKey(
        Person, models.CASCADE, related_name="mandates_given", null=True, verbose_name=_("被代办人")
    )
    grantor_legal = models.ForeignKey(
        LegalPerson, models.CASCADE, related_name="mandates_given", null=True, verbose_name=_("授权企业")
    )
    operator = models.ForeignKey(Person, models.CASCADE, related_name="mandates_held", verbose_name=_("经办人"))
    #: Codes of service items, or ``["*"]``.
    items = ArrayField(models.CharField(max_length=120), verbose_name=_("事项范围"), default=list)
    valid_from = models.DateField(_("开始日期"))
    #: Last day; ``None`` until revoked (guardians only).
    valid_to = models.DateField(_("截止日期"), null=True)
    #: What the operator is to a natural grantor; empty for a firm.
    relation = models.CharField(_("关系"), max_length=20, choices=Kinship.Relation, blank=True)
    #: What proves the right: document shown, register asked.
    evidence = models.CharField(_("证明"), max_length=500, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status)
    created_by = models.ForeignKey(Account, models.SET_NULL, related_name="+", null=True)
    created_at = models.DateTimeField(_("提出时间"), default=now)
    #: Who agreed: the other side, or an officer from documents.
    confirmed_by = models.ForeignKey(Account, models.SET_NULL, related_name="+", null=True)
    confirmed_at = models.DateTimeField(_("生效时间"), null=True)
    ended_by = models.ForeignKey(Account, models.SET_NULL, related_name="+", null=True)
    ended_at = models.DateTimeField(_("终止时间"), null=True)

    class Meta:
        """Exactly one grantor, who is not the operator; looked up by operator and by grantor."""

        verbose_name = _("授权")
        verbose_name_plural = _("授权")
        constraints = [
            models.CheckConstraint(
                condition=Q(grantor_person__isnull=True) ^ Q(grantor_legal__isnull=True),
                name="identity_mandate_one_grantor",
            ),
            models.CheckConstraint(
                condition=Q(grantor_person__isnull=True) | ~Q(grantor_person=F("operator")),
                name="identity_mandate_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="identity_mandate_dates"
            ),
        ]
        indexes = [models.Index(fields=["operator", "status", "valid_to"], name="identity_mandate_operator")]

    def __str__(self) -> str:
        """Return kind and status."""
        return f"{self.kind} {self.status}"

    @property
    def grantor(self) -> Person | LegalPerson:
        """Return the person or firm that is represented."""
        return cast(Person | LegalPerson, self.grantor_legal or self.grantor_person)

    @property
    def grantor_id(self) -> UUID | None:
        """Return the id of the person or firm that is represented."""
        return self.grantor_legal_id or self.grantor_person_id

    def in_force(self, on: date) -> bool:
        """Say whether it may be used on a day."""
        return (
            self.status == self.Status.ACTIVE
            and self.valid_from <= on
            and (self.valid_to is None or on <= self.valid_to)
        )

    def expired(self, on: date) -> bool:
        """Say whether its last day has passed."""
        return self.valid_to is not None and self.valid_to < on

    def covers(self, item_code: str) -> bool:
        """Say whether it extends to a service item."""
        return ALL_ITEMS in self.items or item_code in self.items
