"""The ledger (账簿): accounts, entries and postings by double entry. The database refuses whatever does not balance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now, today


class LedgerAccount(models.Model):
    """An account of the ledger (会计科目): money held, owed or in suspense."""

    class Kind(models.TextChoices):
        """On which side an account normally stands."""

        ASSET = "asset", _("资产")
        LIABILITY = "liability", _("负债")

    #: ``<subject>:<of whom>``, e.g. ``due:36070201``; see ``payment.ledger``.
    code = models.CharField(_("科目编码"), max_length=120, primary_key=True)
    title = models.CharField(_("科目名称"), max_length=200)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    #: Side, subject and whom, for the order of the trial balance.
    subject = models.CharField(max_length=40)

    class Meta:
        """In the order of their codes."""

        verbose_name = _("会计科目")
        verbose_name_plural = _("会计科目")
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        """Return code and title."""
        return f"{self.code} {self.title}"


class JournalEntry(models.Model):
    """One entry (凭证): what happened, in at least two postings that balance. Never changed, never deleted."""

    id = IdField()
    #: Says what is booked, e.g. ``receive:<order>``; the same is never booked twice.
    key = models.CharField(max_length=120, unique=True)
    memo = models.CharField(_("摘要"), max_length=300)
    day = models.DateField(_("日期"), default=today)
    at = models.DateTimeField(default=now)
    bill_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    #: Number of postings; a posting added later would not fit.
    size = models.SmallIntegerField()

    class Meta:
        """By day, and by bill."""

        verbose_name = _("记账凭证")
        verbose_name_plural = _("记账凭证")
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="payment_entry_day"),
            models.Index(fields=["bill_id"], name="payment_entry_bill"),
        ]

    if TYPE_CHECKING:
        postings: Any

    def __str__(self) -> str:
        """Return the memo."""
        return self.memo


class Posting(models.Model):
    """One line of an entry (分录): an amount in fen on one account, debit positive, credit negative."""

    id = IdField()
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="postings")
    entry_id: UUID
    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="+", db_index=False)
    account_id: str
    day = models.DateField()
    amount = models.BigIntegerField(_("金额（分）"))

    class Meta:
        """An account's postings by day; nothing is posted for nothing."""

        verbose_name = _("分录")
        verbose_name_plural = _("分录")
        constraints: ClassVar = [models.CheckConstraint(name="payment_posting_not_zero", condition=~models.Q(amount=0))]
        indexes: ClassVar = [
            models.Index(fields=["account", "day"], name="payment_posting_account", include=["amount"])
        ]

    def __str__(self) -> str:
        """Return account and amount."""
        return f"{self.account_id} {self.amount}"
