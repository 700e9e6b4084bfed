"""Licences and what happened to them (电子证照)."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.credentials.models.batch import CredentialBatch
from shuzheng.engines.documents.credentials.models.state import CredentialState, Origin
from shuzheng.engines.documents.credentials.standing import Change, Standing, standing
from shuzheng.engines.documents.credentials.types import CredentialType
from shuzheng.engines.documents.models.stored_file import StoredFile
from shuzheng.engines.identity.models import Officer, OrgUnit
from shuzheng.engines.trust.fields import EncryptedTextField
from shuzheng.kernel.definition import by_id
from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class Credential(models.Model):
    """A licence (证照): what it says never changes, its signed original is a file that is never written again."""

    id = IdField()
    #: GB/T 36904.
    identifier = models.CharField(_("电子证照标识"), max_length=80, unique=True)
    #: What stands on the face, e.g. JY23607020000018; unique within the type.
    number = models.CharField(_("证照编号"), max_length=60)
    #: Printed on the licence: whoever has it may look the licence up.
    code = models.CharField(_("查验码"), max_length=12, unique=True)
    type_code = models.CharField(_("证照类型"), max_length=120)
    #: Version of the type that the licence is pinned to.
    type_id = models.UUIDField(_("类型版本"))
    title = models.CharField(_("证照名称"), max_length=300)
    holder_kind = models.CharField(_("持证主体类型"), max_length=6)
    holder_id = models.UUIDField(_("持证主体编号"))
    holder_name = models.CharField(_("持证主体"), max_length=200)
    #: The metadata elements as JSON: values as people read them.
    content = EncryptedTextField(_("照面信息"))
    unit_id: UUID
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("发证机关"))
    division_path = LtreeField()
    case_id = models.UUIDField(_("办件"), null=True)
    case_number = models.CharField(_("办件编号"), max_length=30, blank=True)
    item_code = models.CharField(_("事项"), max_length=120, blank=True)
    origin = models.CharField(_("来源"), max_length=10, choices=Origin, default=Origin.ISSUE)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    #: The licence whose place this one takes.
    previous_id: UUID | None
    previous = models.ForeignKey(
        "self", models.PROTECT, related_name="successors", null=True, verbose_name=_("前一证照")
    )
    state = models.CharField(_("状态"), max_length=10, choices=CredentialState, default=CredentialState.ISSUING)
    state_since = models.DateTimeField(_("状态开始时间"), default=now)
    valid_from = models.DateField(_("有效期自"))
    valid_until = models.DateField(_("有效期至"), null=True)
    #: OFD, sealed; the signed original.
    original_id: UUID | None
    original = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", null=True, verbose_name=_("签章原件"))
    #: SM3 of the original, hexadecimal.
    digest = models.CharField(_("原件摘要"), max_length=64, blank=True)
    seal_use_id = models.UUIDField(_("用章记录"), null=True)
    ledger_entry = models.UUIDField(_("账本编号"), null=True)
    #: Why issuing has not succeeded yet, and how often it was tried.
    problem = models.TextField(_("制证问题"), blank=True)
    attempts = models.PositiveIntegerField(_("制证次数"), default=0)
    #: Days before the end of which the holder was reminded.
    reminded = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("已提醒"), default=list)
    #: The table from which an existing licence was taken over.
    batch_id: UUID | None
    batch = models.ForeignKey(
        CredentialBatch, models.PROTECT, related_name="credentials", null=True, verbose_name=_("导入批次")
    )
    synthetic = models.BooleanField(_("演示数据"), default=False)
    created_at = models.DateTimeField(_("建立时间"), default=now)
    issued_at = models.DateTimeField(_("签发时间"), null=True)

    class Meta:
        """Found by holder, number and case; expiring ones by their day; a case issues a type once."""

        verbose_name = _("电子证照")
        verbose_name_plural = _("电子证照")
        constraints = [
            models.UniqueConstraint(
                fields=["case_id", "type_code"],
                name="documents_credential_case",
                condition=models.Q(case_id__isnull=False) & ~models.Q(origin="correct"),
            ),
            models.UniqueConstraint(fields=["type_code", "number", "version"], name="documents_credential_number"),
        ]
        indexes = [
            models.Index(fields=["holder_id", "-created_at", "-id"], name="documents_credential_holder"),
            models.Index(fields=["number"], name="documents_credential_paper"),
            models.Index(fields=["holder_name"], name="documents_credential_name"),
            models.Index(fields=["unit", "-created_at", "-id"], name="documents_credential_unit"),
            models.Index(
                fields=["valid_until", "id"], name="documents_credential_ending", condition=models.Q(state="valid")
            ),
            models.Index(fields=["created_at"], name="documents_credential_open", condition=models.Q(state="issuing")),
            models.Index(fields=["case_id"], name="documents_credential_of_case"),
        ]

    if TYPE_CHECKING:

        def get_state_display(self) -> str:
            """Return the state in words."""
            ...

    def __str__(self) -> str:
        """Return title and number."""
        return f"{self.title} {self.number}"

    @cached_property
    def type(self) -> CredentialType:
        """Return the version of the type that the licence is pinned to."""
        return by_id(self.type_id).body

    @property
    def unsealed(self) -> bool:
        """Say whether a sealed original can still be made: it is waited for, or the licence was taken over without one."""
        taken_over = self.origin == Origin.IMPORT and self.state == CredentialState.VALID and self.original_id is None
        return self.state == CredentialState.ISSUING or taken_over

    @property
    def values(self) -> dict[str, Any]:
        """Return what the licence says, by name."""
        return json.loads(self.content)

    def standing(self, at: datetime | None = None, *, known: datetime | None = None) -> Standing:
        """Return how the licence stands at a moment (default now), by what is known at another; one statement."""
        rows = CredentialEvent.objects.filter(credential=self)
        changes = [Change(row.state, row.effective_at, row.at, row.reason) for row in rows if row.state]
        return standing(changes, self.valid_from, self.valid_until, at or now(), known=known)

    @property
    def standing_now(self) -> Standing:
        """Return how it stands by its own row alone, for lists: no statement."""
        change = Change(self.state, self.state_since, self.state_since)
        return standing([change], self.valid_from, self.valid_until, max(now(), self.state_since))


class CredentialEvent(models.Model):
    """Something that happened to a licence (状态变更记录): never changed, never deleted."""

    id = IdField()
    credential_id: UUID
    credential = models.ForeignKey(Credential, models.PROTECT, related_name="events", verbose_name=_("证照"))
    at = models.DateTimeField(_("记录时间"), default=now)
    #: From when the state holds; before ``at`` for a decision that takes effect backwards (撤销).
    effective_at = models.DateTimeField(_("生效时间"), default=now)
    #: issued, held, suspended, resumed, revoked, voided, renewed, replaced, corrected, lost or reminded.
    verb = models.CharField(_("操作"), max_length=20)
    #: State from then on; empty when it did not change.
    state = models.CharField(_("此后状态"), max_length=10, choices=CredentialState, blank=True)
    reason = models.CharField(_("原因"), max_length=500, blank=True)
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    officer_id: UUID | None
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True, verbose_name=_("经办人"))
    actor_name = models.CharField(_("由谁"), max_length=100)
    ledger_entry = models.UUIDField(_("账本编号"), null=True)

    class Meta:
        """Read by licence in order."""

        verbose_name = _("证照状态变更")
        verbose_name_plural = _("证照状态变更")
        indexes = [models.Index(fields=["credential", "at", "id"], name="documents_credential_event")]

    def __str__(self) -> str:
        """Return the verb."""
        return self.verb


class CredentialSerial(models.Model):
    """The last serial number that a unit used for a type."""

    id = IdField()
    type_code = models.CharField(max_length=120)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        """One row per type and unit."""

        verbose_name = _("证照顺序号")
        verbose_name_plural = _("证照顺序号")
        constraints = [models.UniqueConstraint(fields=["type_code", "unit"], name="documents_serial_once")]

    def __str__(self) -> str:
        """Return the type and its last number."""
        return f"{self.type_code} {self.last}"
