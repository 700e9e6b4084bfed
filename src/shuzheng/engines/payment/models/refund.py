"""Refunds (退付)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.payment.models.bill import Bill
from shuzheng.engines.payment.models.order import Order
from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class Refund(models.Model):
    """Money to be given back (退付申请): asked for, approved by another person, sent through the channel it came by."""

    class State(models.TextChoices):
        """Where a refund stands."""

        REQUESTED = "requested", _("待审批")
        SECOND = "second", _("待第二人审批")
        APPROVED = "approved", _("退款中")
        DONE = "done", _("已退款")
        DECLINED = "declined", _("未同意")
        FAILED = "failed", _("退款失败")

    class Reason(models.TextChoices):
        """Why money goes back."""

        WITHDRAWN = "withdrawn", _("撤回申请")
        REFUSED = "refused", _("未获准予")
        EXEMPT = "exempt", _("符合减免条件")
        OTHER = "other", _("其他")
        OVERPAID = "overpaid", _("多缴")
        DUPLICATE = "duplicate", _("重复缴款")
        LATE = "late", _("缴款书取消后到账")
        UNKNOWN = "unknown", _("对账发现的长款")

    class Source(models.TextChoices):
        """Who asked."""

        PAYER = "payer", _("缴款人")
        OFFICER = "officer", _("工作人员")
        PLATFORM = "platform", _("系统")

    id = IdField()
    #: Given to the channel; repeating it never refunds twice.
    number = models.CharField(_("退款单号"), max_length=32, unique=True)
    #: Says what is given back; the same is never asked for twice.
    key = models.CharField(max_length=200, unique=True)
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="refunds")
    bill_id: UUID
    order = models.ForeignKey(Order, models.PROTECT, related_name="refunds")
    order_id: UUID
    amount = models.BigIntegerField(_("金额（分）"))
    reason = models.CharField(_("原因"), max_length=10, choices=Reason.choices)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.REQUESTED)
    division_path = LtreeField()
    source = models.CharField(_("来源"), max_length=10, choices=Source.choices, default=Source.PLATFORM)
    requested_by = models.CharField(_("申请人"), max_length=100)
    #: Account of whoever asked; empty when the platform did.
    requester_id = models.UUIDField(null=True)
    requested_at = models.DateTimeField(_("申请时间"), default=now)
    decided_by = models.CharField(_("审批人"), max_length=100, blank=True)
    decider_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=500, blank=True)
    #: Above the limit, another person approves as well.
    second_by = models.CharField(_("第二审批人"), max_length=100, blank=True)
    second_id = models.UUIDField(null=True)
    second_at = models.DateTimeField(null=True)
    channel_number = models.CharField(_("渠道退款号"), max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(_("退款时间"), null=True)
    failure = models.CharField(max_length=300, blank=True)
    #: Daily statement in which the acquirer accounted for it.
    statement = models.ForeignKey("payment.Statement", models.PROTECT, null=True, related_name="+")
    statement_id: UUID | None

    class Meta:
        """What waits for somebody, and what waits for the channel."""

        verbose_name = _("退付")
        verbose_name_plural = _("退付")
        constraints: ClassVar = [
            models.CheckConstraint(name="payment_refund_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="payment_refund_people_differ",
                condition=(Q(decider_id=None) | Q(requester_id=None) | ~Q(decider_id=models.F("requester_id")))
                & (Q(second_id=None) | ~Q(second_id=models.F("decider_id")))
                & (Q(second_id=None) | Q(requester_id=None) | ~Q(second_id=models.F("requester_id"))),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-requested_at", "-id"], name="payment_refund_state"),
            models.Index(fields=["-requested_at", "-id"], name="payment_refund_asked"),
            models.Index(fields=["requested_at"], condition=Q(state="approved"), name="payment_refund_sending"),
        ]

    if TYPE_CHECKING:

        def get_state_display(self) -> str:
            """Return the state in words."""
            ...

        def get_source_display(self) -> str:
            """Return who asked in words."""
            ...

        def get_reason_display(self) -> str:
            """Return the reason in words."""
            ...

    def __str__(self) -> str:
        """Return the number."""
        return self.number
