"""Payouts (资金发放): vouchers and subsidies paid in batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.trust.fields import EncryptedTextField
from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class PayoutBatch(models.Model):
    """A list of payments under one programme (发放批次): made, checked and released by three different people."""

    class State(models.TextChoices):
        """Where a batch stands."""

        MADE = "made", _("待复核")
        CHECKED = "checked", _("待放款")
        RELEASED = "released", _("发放中")
        DONE = "done", _("发放完毕")
        RETURNED = "returned", _("已退回")

    id = IdField()
    #: Given to the channel; repeating it never pays twice.
    number = models.CharField(_("批次号"), max_length=32, unique=True)
    programme = models.CharField(_("发放项目"), max_length=120)
    title = models.CharField(_("名称"), max_length=200)
    channel = models.CharField(_("渠道"), max_length=20)
    division_path = LtreeField()
    day = models.DateField(_("日期"))
    count = models.IntegerField(_("人数"))
    total = models.BigIntegerField(_("合计（分）"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.MADE)
    made_by = models.CharField(_("制单人"), max_length=100)
    maker_id = models.UUIDField()
    made_at = models.DateTimeField(_("制单时间"), default=now)
    checked_by = models.CharField(_("复核人"), max_length=100, blank=True)
    checker_id = models.UUIDField(null=True)
    checked_at = models.DateTimeField(null=True)
    released_by = models.CharField(_("放款人"), max_length=100, blank=True)
    releaser_id = models.UUIDField(null=True)
    released_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        """The latest first; nobody stands in two places."""

        verbose_name = _("发放批次")
        verbose_name_plural = _("发放批次")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="payment_batch_people_differ",
                condition=(Q(checker_id=None) | ~Q(checker_id=models.F("maker_id")))
                & (
                    Q(releaser_id=None)
                    | (~Q(releaser_id=models.F("maker_id")) & ~Q(releaser_id=models.F("checker_id")))
                ),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["-made_at", "-id"], name="payment_batch_made"),
            models.Index(fields=["programme", "day"], name="payment_batch_day"),
        ]

    if TYPE_CHECKING:
        lines: Any

        def get_state_display(self) -> str:
            """Return the state in words."""
            ...

    def __str__(self) -> str:
        """Return number and title."""
        return f"{self.number} {self.title}"


class PayoutLine(models.Model):
    """One payment of a batch (发放明细); it is paid once at most."""

    class State(models.TextChoices):
        """What became of a line."""

        WAITING = "waiting", _("待发放")
        SENT = "sent", _("已提交渠道")
        PAID = "paid", _("已到账")
        FAILED = "failed", _("失败")
        RETURNED = "returned", _("已退回资金账户")

    id = IdField()
    batch = models.ForeignKey(PayoutBatch, models.PROTECT, related_name="lines", db_index=False)
    batch_id: UUID
    sequence = models.IntegerField(_("序号"))
    payee_name = models.CharField(_("收款人"), max_length=100)
    #: Bank account or wallet; sealed, found by its blind index.
    account = EncryptedTextField(_("账号"))
    account_index = models.CharField(max_length=64)
    amount = models.BigIntegerField(_("金额（分）"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    #: Raised before a failed line is sent again, so that the channel tells the attempts apart.
    attempt = models.SmallIntegerField(default=0)
    channel_number = models.CharField(_("渠道流水号"), max_length=64, blank=True)
    failure = models.CharField(_("失败原因"), max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        """In the order of the list; a payee stands in a batch once."""

        verbose_name = _("发放明细")
        verbose_name_plural = _("发放明细")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "sequence"], name="payment_payout_sequence"),
            models.UniqueConstraint(fields=["batch", "account_index"], name="payment_payout_payee_once"),
            models.CheckConstraint(name="payment_payout_amount", condition=Q(amount__gt=0)),
        ]
        indexes: ClassVar = [models.Index(fields=["account_index", "state"], name="payment_payout_payee")]

    if TYPE_CHECKING:

        def get_state_display(self) -> str:
            """Return the state in words."""
            ...

    def __str__(self) -> str:
        """Return its place."""
        return f"{self.batch_id} #{self.sequence}"

    @property
    def number(self) -> str:
        """Return the number under which this attempt is known to the channel."""
        return f"{self.id.hex[:26]}{self.attempt:02d}"
