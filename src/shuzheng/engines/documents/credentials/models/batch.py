"""A table of existing licences that was taken over (存量导入批次)."""

from __future__ import annotations

import json
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.models import Officer, OrgUnit
from shuzheng.engines.trust.fields import EncryptedTextField
from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class CredentialBatch(models.Model):
    """A file of licences: entered by one officer, registered once another confirms, undone while nobody has used them."""

    id = IdField()
    name = models.CharField(_("文件名"), max_length=200)
    type_code = models.CharField(_("证照类型"), max_length=120)
    title = models.CharField(_("证照名称"), max_length=300)
    unit_id: UUID
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("发证机关"))
    division_path = LtreeField()
    #: Keyed digest of the rows, so that the same table is not registered twice; it tells nothing of them.
    digest = models.CharField(_("内容摘要"), max_length=64)
    #: What the rows' digest in the public ledger is salted with.
    salt = models.CharField(_("摘要盐值"), max_length=32, blank=True)
    #: The good rows as JSON while they wait for the second officer; emptied by whatever follows.
    rows = EncryptedTextField(_("待复核的行"), blank=True, default="")
    #: Licences registered, or to be.
    registered = models.PositiveIntegerField(_("登记份数"))
    #: Rows of the file that were left out because something was wrong with them.
    left_out = models.PositiveIntegerField(_("未登记行数"), default=0)
    officer_id: UUID | None
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True, verbose_name=_("经办人"))
    actor_name = models.CharField(_("由谁"), max_length=100)
    #: The second officer, who confirmed the rows or returned them.
    checker_id: UUID | None
    checker = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True, verbose_name=_("复核人"))
    checker_name = models.CharField(_("由谁复核"), max_length=100, blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    created_at = models.DateTimeField(_("登记时间"), default=now)
    undone_at = models.DateTimeField(_("撤销时间"), null=True)
    undo_reason = models.CharField(_("撤销原因"), max_length=500, blank=True)
    #: Licences that stayed when the batch was undone, because they had been used.
    kept = models.PositiveIntegerField(_("撤销后保留份数"), default=0)
    ledger_entry = models.UUIDField(_("账本编号"), null=True)

    class Meta:
        """Listed by unit, the latest first; the same table is registered once, unless it was undone."""

        verbose_name = _("存量导入批次")
        verbose_name_plural = _("存量导入批次")
        indexes = [models.Index(fields=["-created_at", "-id"], name="documents_credential_batch")]
        constraints = [
            models.UniqueConstraint(
                fields=["type_code", "unit", "digest"],
                name="documents_batch_once",
                condition=models.Q(undone_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        """Return the file's name."""
        return self.name

    @property
    def waits(self) -> bool:
        """Say whether a second officer has yet to look."""
        return self.confirmed_at is None and self.undone_at is None

    @property
    def state(self) -> str:
        """Return waiting, registered or undone; where it never was registered, returned or withdrawn."""
        if self.undone_at is None:
            return "registered" if self.confirmed_at else "waiting"
        if self.confirmed_at:
            return "undone"
        return "returned" if self.checker_id else "withdrawn"

    def kept_rows(self) -> list[dict[str, str]]:
        """Return the rows that wait."""
        return json.loads(self.rows) if self.rows else []
