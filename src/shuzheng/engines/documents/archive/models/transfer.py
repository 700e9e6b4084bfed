"""Transfers between installations (移交与接收)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class TransferState(models.TextChoices):
    """How far a transfer has come."""

    SENT = "sent", _("待对方回执")
    CONFIRMED = "confirmed", _("已移交")
    RECEIVED = "received", _("已接收")


class ArchiveTransfer(models.Model):
    """One batch handed to, or taken over from, another installation's archives (移交、接收)."""

    id = IdField()
    number = models.CharField(max_length=80, unique=True)
    outgoing = models.BooleanField()
    #: Who hands over, and who takes over.
    sender = models.CharField(max_length=200)
    receiver = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=TransferState)
    division_path = LtreeField()
    #: SM3 of the batch's list, which the receipt repeats.
    batch_sm3 = models.CharField(max_length=64)
    #: The list of the batch: [{code, sm3, size}].
    batch = models.JSONField(default=list)
    #: What came of each: [{code, accepted, problem}].
    lines = models.JSONField(default=list)
    officer_name = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=now)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        """The latest first."""

        verbose_name = _("档案移交")
        verbose_name_plural = _("档案移交")
        indexes: ClassVar = [models.Index(fields=["-created_at", "-id"], name="documents_transfer_latest")]

    if TYPE_CHECKING:

        def get_state_display(self) -> str:
            """Return the state in words."""
            ...

    def __str__(self) -> str:
        """Return the number."""
        return self.number

    @property
    def accepted(self) -> int:
        """Return how many packages the receiving side accepted."""
        return sum(bool(line["accepted"]) for line in self.lines)
