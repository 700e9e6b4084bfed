"""Letters of a case (文书), their serial numbers, and where the applicant wants to be served (送达地址确认书)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.letters.rules import OCCASIONS, Occasion
from shuzheng.engines.casework.models.case import Case
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.trust.fields import EncryptedTextField
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Standing(models.TextChoices):
    """What a letter is worth today: its state, or that a later act took its place."""

    WRITING = "writing", _("制作中")
    FAILED = "failed", _("未能生成")
    UNSEALED = "unsealed", _("待用印")
    ISSUED = "issued", _("已制发")
    #: Overtaken before it was issued: it never gets a seal.
    VOID = "void", _("已作废")
    SUPERSEDED = "superseded", _("已被取代")

    @classmethod
    def of(cls, state: str, superseded_at: datetime | None) -> Standing:
        """Return the standing of a letter in a state, given when its place was taken."""
        if superseded_at is None:
            return cls(state)
        return cls.SUPERSEDED if state == cls.ISSUED else cls.VOID


class Letter(models.Model):
    """One letter that an act gave (文书): what it says never changes; a corrected letter stands beside the first."""

    class State(models.TextChoices):
        """How far it got."""

        WRITING = "writing", _("制作中")
        FAILED = "failed", _("未能生成")
        UNSEALED = "unsealed", _("待用印")
        ISSUED = "issued", _("已制发")

    id = IdField()
    case_id: UUID
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="letters")
    occasion = models.CharField(_("文书"), max_length=20, choices=[(o.value, OCCASIONS[o]) for o in Occasion])
    #: The event of the act that gave it: one act, one letter.
    event_id = models.UUIDField(unique=True)
    #: Type, subject and data of that event, for writing the letter anew.
    event = models.JSONField(default=dict)
    decision_id = models.UUIDField(null=True)
    #: The rule under which it was given.
    rule = models.JSONField(default=dict)
    #: Version of the template; none where there was no such template.
    template_id = models.UUIDField(null=True)
    title = models.CharField(_("名称"), max_length=200)
    unit_id = models.UUIDField(_("制发单位"))
    word = models.CharField(max_length=20)
    year = models.SmallIntegerField()
    serial = models.IntegerField()
    #: 文号, as it stands on the letter.
    number = models.CharField(_("文号"), max_length=120)
    #: What fills the template, as JSON.
    content = EncryptedTextField(blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WRITING)
    #: Why it is not issued.
    problem = models.TextField(blank=True)
    attempts = models.SmallIntegerField(default=0)
    #: The OFD; with the seal once it is issued.
    file_id: UUID | None
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", null=True)
    seal_use_id = models.UUIDField(null=True)
    written_at = models.DateTimeField(default=now)
    issued_at = models.DateTimeField(null=True)
    #: The letter whose place this one takes, and since when this one's was taken.
    supersedes = models.ForeignKey("self", models.PROTECT, related_name="+", null=True)
    superseded_at = models.DateTimeField(null=True)
    #: The service in law, and the day on which it took effect; periods run from the day after.
    service_id = models.UUIDField(null=True)
    served_on = models.DateField(null=True)
    served_way = models.CharField(max_length=10, blank=True)
    #: Rises with every change.
    revision = models.IntegerField(default=0)

    class Meta:
        """Numbered without gaps by office, word and year; what waits for somebody is found by state."""

        verbose_name = _("文书")
        verbose_name_plural = _("文书")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit_id", "word", "year", "serial"], name="casework_letter_serial")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["unit_id", "written_at", "id"],
                name="casework_letter_waiting",
                condition=~models.Q(state="issued"),
            ),
            models.Index(fields=["service_id"], name="casework_letter_service", condition=~models.Q(service_id=None)),
        ]

    if TYPE_CHECKING:
        supersedes_id: UUID | None

        def get_state_display(self) -> str:
            """Return the state in words."""
            ...

        def get_occasion_display(self) -> str:
            """Return what it is for, in words."""
            ...

    def __str__(self) -> str:
        """Return title and number."""
        return f"{self.title} {self.number}"

    @property
    def standing(self) -> Standing:
        """Return what the letter is worth today."""
        return Standing.of(self.state, self.superseded_at)

    @property
    def values(self) -> dict[str, Any]:
        """Return what fills the template."""
        return json.loads(self.content) if self.content else {}

    @values.setter
    def values(self, given: dict[str, Any]) -> None:
        """Keep what fills the template, sealed."""
        self.content = json.dumps(given, ensure_ascii=False)

    def changed(self, *fields: str) -> None:
        """Save these fields and raise the revision."""
        self.revision += 1
        self.save(update_fields=[*fields, "revision"])


class LetterSerial(models.Model):
    """The last serial number of an office's letters of a word and a year."""

    id = IdField()
    unit_id = models.UUIDField()
    word = models.CharField(max_length=20)
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        """One row per office, word and year; raised in the transaction that registers the letter."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit_id", "word", "year"], name="casework_letter_serial_of")
        ]

    def __str__(self) -> str:
        """Return word and year."""
        return f"{self.word} {self.year}"


class ServiceAddress(models.Model):
    """Where and how the applicant wants to be served in a case (送达地址确认书), as confirmed with the application."""

    class Way(models.TextChoices):
        """What the applicant chose."""

        ELECTRONIC = "electronic", _("电子送达")
        PICKUP = "pickup", _("窗口领取")
        MAIL = "mail", _("邮寄")

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="service_address", primary_key=True)
    case_id: UUID
    way = models.CharField(max_length=10, choices=Way.choices)
    #: Recipient and address of the post.
    recipient = models.CharField(max_length=200, blank=True)
    address = EncryptedTextField(blank=True)
    #: Who confirmed it, and when.
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(default=now)

    if TYPE_CHECKING:

        def get_way_display(self) -> str:
            """Return the way in words."""
            ...

    def __str__(self) -> str:
        """Return the way."""
        return str(self.way)
