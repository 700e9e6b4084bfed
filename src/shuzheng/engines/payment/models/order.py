"""Orders (支付订单): attempts to pay a bill through a channel, and what channels said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.payment.models.bill import Bill
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Order(models.Model):
    """One attempt to pay a bill through one channel. At most one order of a bill settles it, whatever happens."""

    class State(models.TextChoices):
        """What the channel last said."""

        PENDING = "pending", _("等待支付")
        RECEIVED = "received", _("已收款")
        CLOSED = "closed", _("已关闭")

    id = IdField()
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="orders")
    bill_id: UUID
    channel = models.CharField(_("支付渠道"), max_length=20)
    #: 商户订单号: ours, given to the channel; repeating it never charges twice.
    number = models.CharField(_("订单号"), max_length=32, unique=True)
    amount = models.BigIntegerField(_("金额（分）"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PENDING)
    #: Where the payer goes to pay, once the channel has given it.
    pay_url = models.CharField(max_length=1000, blank=True)
    #: The channel's own number of the trade.
    trade_number = models.CharField(_("渠道流水号"), max_length=64, blank=True)
    #: Whether the money settled the bill; money that came too late or twice does not, and is refunded.
    settles = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("下单时间"), default=now)
    expires_at = models.DateTimeField()
    #: When the payer paid, as the channel says.
    received_at = models.DateTimeField(_("收款时间"), null=True)
    #: When the channel was last asked.
    asked_at = models.DateTimeField(null=True)
    #: Daily statement in which the acquirer accounted for it.
    statement = models.ForeignKey("payment.Statement", models.PROTECT, null=True, related_name="+")
    statement_id: UUID | None
    #: Sum of refunds that were made or are on their way.
    refunding = models.BigIntegerField(default=0)

    class Meta:
        """One pending order for each channel of a bill; one order that settles it."""

        verbose_name = _("支付订单")
        verbose_name_plural = _("支付订单")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bill", "channel"], condition=Q(state="pending"), name="payment_order_pending"
            ),
            models.UniqueConstraint(fields=["bill"], condition=Q(settles=True), name="payment_order_settles_once"),
            models.CheckConstraint(
                name="payment_order_settles_received", condition=Q(settles=False) | Q(state="received")
            ),
            models.CheckConstraint(
                name="payment_order_refunding", condition=Q(refunding__gte=0, refunding__lte=models.F("amount"))
            ),
            models.UniqueConstraint(
                fields=["channel", "trade_number"], condition=~Q(trade_number=""), name="payment_order_trade_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["created_at"], condition=Q(state="pending"), name="payment_order_waiting"),
            models.Index(fields=["channel", "received_at"], name="payment_order_received"),
        ]

    if TYPE_CHECKING:

        def get_state_display(self) -> str:
            """Return the state in words."""
            ...

    def __str__(self) -> str:
        """Return the number."""
        return self.number
