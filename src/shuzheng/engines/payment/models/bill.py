"""Bills (缴款书) and their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now, today


class Bill(models.Model):
    """What somebody must pay, and why (缴款书); the ledger says what was paid. Amounts are in fen of CNY."""

    class State(models.TextChoices):
        """Where a bill stands."""

        OPEN = "open", _("待缴款")
        PAID = "paid", _("已缴款")
        WAIVED = "waived", _("免缴")
        CANCELLED = "cancelled", _("已取消")
        PARTLY_REFUNDED = "partly_refunded", _("部分退付")
        REFUNDED = "refunded", _("已退付")

    class Overdue(models.TextChoices):
        """What follows when a bill is not paid in time; never a decision against the payer."""

        TODO = "todo", _("提醒缴款人，并列为待办由人处理")
        REMIND = "remind", _("只提醒缴款人")

    id = IdField()
    #: 缴款码: 20 digits, the last a check digit.
    number = models.CharField(_("缴款码"), max_length=20, unique=True)
    title = models.CharField(_("事由"), max_length=300)
    #: Says what is billed, e.g. ``case:<id>:pay``; the same is never billed twice.
    key = models.CharField(max_length=200, unique=True)
    case_id = models.UUIDField(_("办件"), null=True)
    case_number = models.CharField(max_length=30, blank=True)
    item_code = models.CharField(max_length=120, blank=True)
    #: The payer (缴款人) and whoever acted for them.
    payer_kind = models.CharField(max_length=6)
    payer_id = models.UUIDField()
    payer_name = models.CharField(_("缴款人"), max_length=200)
    operator_id = models.UUIDField(null=True)
    division_code = models.CharField(max_length=12)
    division_path = LtreeField()
    amount = models.BigIntegerField(_("金额（分）"))
    refunded = models.BigIntegerField(_("已退付（分）"), default=0)
    state = models.CharField(_("状态"), max_length=16, choices=State.choices, default=State.OPEN)
    #: Version of the fee decision and why each of its rules held.
    decision_id = models.UUIDField(null=True)
    explanation = models.JSONField(default=list)
    due_on = models.DateField(_("缴款期限"))
    #: So many days before, the payer is reminded; and what follows afterwards, as the item's process says.
    remind_days = models.SmallIntegerField(_("提前几天提醒"), default=3)
    on_overdue = models.CharField(_("逾期处理"), max_length=10, choices=Overdue.choices, default=Overdue.TODO)
    reminded_at = models.DateTimeField(_("提醒时间"), null=True)
    overdue_at = models.DateTimeField(_("转逾期时间"), null=True)
    raised_at = models.DateTimeField(_("开单时间"), default=now)
    paid_at = models.DateTimeField(_("缴款时间"), null=True)
    closed_at = models.DateTimeField(null=True)
    #: Why it was cancelled or waived.
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        """Lists: one's own, a case's, an office's."""

        verbose_name = _("缴款书")
        verbose_name_plural = _("缴款书")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="payment_bill_amounts",
                condition=models.Q(amount__gte=0, refunded__gte=0, refunded__lte=models.F("amount")),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["payer_id", "-raised_at", "-id"], name="payment_bill_payer"),
            models.Index(fields=["operator_id", "-raised_at", "-id"], name="payment_bill_operator"),
            models.Index(fields=["case_id"], name="payment_bill_case"),
            models.Index(fields=["-raised_at", "-id"], name="payment_bill_raised"),
            models.Index(fields=["due_on"], condition=models.Q(state="open"), name="payment_bill_due"),
            models.Index(fields=["case_number"], name="payment_bill_case_no", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["payer_name"], name="payment_bill_payer_name", opclasses=["varchar_pattern_ops"]),
        ]

    if TYPE_CHECKING:
        lines: Any
        orders: Any
        refunds: Any
        receipts: Any

        def get_state_display(self) -> str:
            """Return the state in words."""
            ...

    def __str__(self) -> str:
        """Return number and title."""
        return f"{self.number} {self.title}"

    @property
    def is_overdue(self) -> bool:
        """Say whether it is open after the day on which it was due."""
        return self.state == self.State.OPEN and self.due_on < today()

    @property
    def kept(self) -> int:
        """Return what was paid and not given back, in fen."""
        paid = self.state in (self.State.PAID, self.State.PARTLY_REFUNDED, self.State.REFUNDED)
        return self.amount - self.refunded if paid else 0


class BillLine(models.Model):
    """One charge of a bill (收费项目): what, by which standard and on which legal ground, for whom it is collected."""

    id = IdField()
    bill = models.ForeignKey(Bill, models.CASCADE, related_name="lines")
    bill_id: UUID
    sequence = models.SmallIntegerField()
    #: Code of the charge (收费项目编码).
    code = models.CharField(max_length=120)
    title = models.CharField(_("收费项目"), max_length=300)
    #: The unit that collects it (执收单位).
    unit_id = models.UUIDField(null=True)
    unit_code = models.CharField(max_length=60)
    unit_name = models.CharField(_("执收单位"), max_length=200)
    standard = models.CharField(_("收费标准"), max_length=300)
    basis = models.CharField(_("依据"), max_length=500)
    quantity = models.DecimalField(_("数量"), max_digits=16, decimal_places=4)
    measure = models.CharField(_("计量单位"), max_length=30, blank=True)
    #: Price of one unit as the standard has it, in yuan.
    price = models.DecimalField(_("单价（元）"), max_digits=16, decimal_places=4)
    #: Before and after exemptions, in fen.
    full_amount = models.BigIntegerField()
    amount = models.BigIntegerField(_("金额（分）"))
    #: Why this line: the rule of the fee decision that held.
    why = models.CharField(max_length=1000, blank=True)
    #: Share that goes back when the case is withdrawn or refused, as the charge said when it was raised.
    given_back = models.JSONField(default=dict)

    class Meta:
        """Lines in order."""

        verbose_name = _("缴款明细")
        verbose_name_plural = _("缴款明细")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bill", "sequence"], name="payment_line_sequence"),
            models.CheckConstraint(
                name="payment_line_amounts",
                condition=models.Q(amount__gte=0, amount__lte=models.F("full_amount")),
            ),
        ]

    def __str__(self) -> str:
        """Return the charge."""
        return self.title


class Exemption(models.Model):
    """A reduction of one line, with its proof (减免): ground, document and who approved it."""

    id = IdField()
    line = models.ForeignKey(BillLine, models.PROTECT, related_name="exemptions")
    #: Code and words of the ground, as the charge declares it.
    ground = models.CharField(max_length=120)
    title = models.CharField(_("减免理由"), max_length=300)
    basis = models.CharField(_("依据"), max_length=500, blank=True)
    #: The proof: a stored file or the number of a licence.
    document = models.CharField(_("证明材料"), max_length=200)
    amount = models.BigIntegerField(_("减免金额（分）"))
    approved_by = models.CharField(_("审批人"), max_length=100)
    approver_id = models.UUIDField(null=True)
    approved_at = models.DateTimeField(default=now)

    class Meta:
        """One ground counts once a line."""

        verbose_name = _("减免")
        verbose_name_plural = _("减免")
        constraints: ClassVar = [models.UniqueConstraint(fields=["line", "ground"], name="payment_exemption_once")]

    def __str__(self) -> str:
        """Return the ground in words."""
        return self.title
