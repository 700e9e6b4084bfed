"""Receipts (非税电子票据)."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.payment.models.bill import Bill
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Receipt(models.Model):
    """An electronic non-tax receipt (非税电子票据), or a red one that takes back all or part of it (红字票据)."""

    id = IdField()
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="receipts")
    bill_id: UUID
    #: 票据代码, 票据号码 and 校验码.
    code = models.CharField(_("票据代码"), max_length=8)
    number = models.CharField(_("票据号码"), max_length=10)
    check_code = models.CharField(_("校验码"), max_length=6)
    #: In fen; of a red receipt, negative.
    amount = models.BigIntegerField(_("金额（分）"))
    #: Of a red receipt, the one it takes back, and the refund it was made for.
    takes_back = models.ForeignKey("self", models.PROTECT, null=True, related_name="red_receipts")
    refund_id = models.UUIDField(null=True, unique=True)
    issued_at = models.DateTimeField(_("开票时间"), default=now)

    class Meta:
        """Numbers are unique within a code; a bill has one black receipt."""

        verbose_name = _("电子票据")
        verbose_name_plural = _("电子票据")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "number"], name="payment_receipt_unique"),
            models.UniqueConstraint(
                fields=["bill"], condition=models.Q(takes_back=None), name="payment_receipt_black_once"
            ),
        ]

    def __str__(self) -> str:
        """Return code and number."""
        return f"{self.code} {self.number}"

    @property
    def is_red(self) -> bool:
        """Say whether it takes another back."""
        return self.takes_back is not None
