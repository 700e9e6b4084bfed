"""Reconciliation (对账): the acquirer's daily files and what does not agree with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Statement(models.Model):
    """One day of one channel (对账单): fetched, matched line by line, as often as one likes."""

    class State(models.TextChoices):
        """How far the day is."""

        WAITING = "waiting", _("等待文件")
        UNREADABLE = "unreadable", _("文件无法读取")
        DIFFERENT = "different", _("有差异")
        MATCHED = "matched", _("已对平")

    id = IdField()
    channel = models.CharField(_("渠道"), max_length=20)
    day = models.DateField(_("账期"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    #: Why the file could not be fetched or read, for the office.
    trouble = models.CharField(max_length=500, blank=True)
    #: SM3 of the file that was matched last, and the file itself.
    digest = models.CharField(max_length=64, blank=True)
    content = models.BinaryField(null=True)
    lines = models.IntegerField(_("笔数"), default=0)
    received = models.BigIntegerField(_("收款（分）"), default=0)
    refunded = models.BigIntegerField(_("退款（分）"), default=0)
    matched = models.IntegerField(_("相符"), default=0)
    fetched_at = models.DateTimeField(null=True)
    matched_at = models.DateTimeField(null=True)

    class Meta:
        """A day of a channel is reconciled in one place."""

        verbose_name = _("对账单")
        verbose_name_plural = _("对账单")
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "day"], name="payment_statement_once")]
        indexes: ClassVar = [models.Index(fields=["-day", "-id"], name="payment_statement_day")]

    if TYPE_CHECKING:
        discrepancies: Any

        def get_state_display(self) -> str:
            """Return the state in words."""
            ...

    def __str__(self) -> str:
        """Return channel and day."""
        return f"{self.channel} {self.day}"


class Discrepancy(models.Model):
    """Something that the acquirer's file and our books do not agree about (差错), held in suspense until it is settled."""

    class Kind(models.TextChoices):
        """In what they differ."""

        LONG = "long", _("长款：渠道有、我方无")
        SHORT = "short", _("短款：我方有、渠道无")
        AMOUNT = "amount", _("金额不符")
        STATE = "state", _("状态不符")
        DUPLICATE = "duplicate", _("渠道重复")
        UNREADABLE = "unreadable", _("该行无法识别")

    class State(models.TextChoices):
        """Whether it is settled."""

        OPEN = "open", _("待处理")
        PROPOSED = "proposed", _("待第二人复核")
        MATCHED = "matched", _("后续对平")
        RESOLVED = "settled", _("已处理")

    class Resolution(models.TextChoices):
        """What a person decided."""

        ACQUIRER = "acquirer", _("渠道差错，已由渠道更正")
        RECEIVED = "received", _("确认收款，补记入账")
        RETURN = "return", _("退回缴款人")
        ABSORB = "absorb", _("经批准作差错处理")

    id = IdField()
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="discrepancies")
    statement_id: UUID
    #: Says what differs, so that matching again finds the same one.
    key = models.CharField(max_length=160)
    kind = models.CharField(_("差异"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    #: Number of the order or refund concerned, and of the file's line if it has one.
    number = models.CharField(_("单号"), max_length=64)
    trade_number = models.CharField(_("渠道流水号"), max_length=64, blank=True)
    line = models.IntegerField(_("文件行"), null=True)
    #: In fen: what our books say and what the file says; refunds are negative.
    ours = models.BigIntegerField(_("我方（分）"), null=True)
    theirs = models.BigIntegerField(_("渠道（分）"), null=True)
    #: What the file's line says, or why it cannot be read.
    detail = models.CharField(max_length=500, blank=True)
    resolution = models.CharField(_("处理"), max_length=10, choices=Resolution.choices, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    #: Who looks into it.
    claimed_by = models.CharField(_("认领人"), max_length=100, blank=True)
    claimer_id = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    resolver_id = models.UUIDField(null=True)
    resolved_by = models.CharField(_("处理人"), max_length=100, blank=True)
    resolved_at = models.DateTimeField(null=True)
    #: Who agreed that it is written off.
    confirmed_by = models.CharField(_("复核人"), max_length=100, blank=True)
    confirmer_id = models.UUIDField(null=True)
    found_at = models.DateTimeField(default=now)

    class Meta:
        """Found once however often the day is matched."""

        verbose_name = _("对账差异")
        verbose_name_plural = _("对账差异")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "key"], name="payment_discrepancy_once"),
            models.CheckConstraint(
                name="payment_discrepancy_people_differ",
                condition=Q(confirmer_id=None) | ~Q(confirmer_id=models.F("resolver_id")),
            ),
            models.CheckConstraint(
                name="payment_discrepancy_written_off_by_two",
                condition=~Q(state="settled")
                | ~Q(resolution="absorb")
                | Q(resolver_id=None)
                | Q(confirmer_id__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["number"], condition=Q(state="open"), name="payment_discrepancy_open")
        ]

    if TYPE_CHECKING:

        def get_kind_display(self) -> str:
            """Return the kind in words."""
            ...

        def get_state_display(self) -> str:
            """Return the state in words."""
            ...

        def get_resolution_display(self) -> str:
            """Return the resolution in words."""
            ...

    def __str__(self) -> str:
        """Return kind and number."""
        return f"{self.get_kind_display()} {self.number}"

    @property
    def difference(self) -> int:
        """Return what the channel has more than our books, in fen."""
        return (self.theirs or 0) - (self.ours or 0)
