"""The case (办件): one application from filing to closing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.actor import Party
from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.models import DefinitionRecord
from shuzheng.kernel.moment import now

#: Sorts what has no due date (suspended, closed) behind everything that has one.
FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)


class Case(models.Model):
    """One application for a service item (办件), with the version of the item it began with."""

    class State(models.TextChoices):
        """Where a case stands."""

        FILED = "filed", _("待受理")
        ACCEPTED = "accepted", _("办理中")
        SUPPLEMENT = "supplement", _("待补正")
        SUSPENDED = "suspended", _("特别程序中")
        DECIDED = "decided", _("已作决定")
        CLOSED = "closed", _("已办结")
        NOT_ACCEPTED = "not_accepted", _("不予受理")
        WITHDRAWN = "withdrawn", _("已撤回")

    class Result(models.TextChoices):
        """How a case ended (办结结果)."""

        NONE = "", _("尚无结果")
        GRANTED = "granted", _("准予")
        REFUSED = "refused", _("不予")
        NOT_ACCEPTED = "not_accepted", _("不予受理")
        WITHDRAWN = "withdrawn", _("申请人撤回")
        DONE = "done", _("办理完成")

    class Secrecy(models.TextChoices):
        """Who may know of the case."""

        PUBLIC = "public", _("公开")
        INTERNAL = "internal", _("内部")
        SENSITIVE = "sensitive", _("敏感")

    id = IdField()
    #: 办件编号; unique, with a check character.
    number = models.CharField(max_length=30, unique=True)
    #: Version of the service item that the case is pinned to.
    item = models.ForeignKey(DefinitionRecord, on_delete=models.PROTECT, related_name="+", db_index=False)
    item_id: UUID
    item_code = models.CharField(max_length=120)
    title = models.CharField(max_length=300)
    #: Versions of form and process in force when the case began.
    form_id = models.UUIDField(null=True)
    process_id = models.UUIDField(null=True)

    state = models.CharField(max_length=12, choices=State.choices, default=State.FILED)
    #: State to return to after a supplement or a special procedure.
    state_before = models.CharField(max_length=12, blank=True)
    result = models.CharField(max_length=12, choices=Result.choices, blank=True)
    #: Raised by every act; an act on an older revision is refused.
    revision = models.IntegerField(default=0)

    applicant_kind = models.CharField(max_length=6)
    applicant_id = models.UUIDField()
    applicant_name = models.CharField(max_length=200)
    #: Natural person who acted for the applicant (经办人), with mandate and proof of identity.
    operator_id = models.UUIDField(null=True)
    operator_name = models.CharField(max_length=100, blank=True)
    mandate_id = models.UUIDField(null=True)
    assurance = models.SmallIntegerField(default=1)
    channel = models.CharField(max_length=10)

    division_code = models.CharField(max_length=12)
    division_path = LtreeField()
    #: 受理、承办、牵头 — one bureau in most cases, three in a joint approval.
    receiving_unit_id = models.UUIDField(null=True)
    handling_unit_id = models.UUIDField(null=True)
    lead_unit_id = models.UUIDField(null=True)
    secrecy = models.CharField(max_length=10, choices=Secrecy.choices, default=Secrecy.INTERNAL)

    #: Answers to the form, sensitive leaves sealed.
    answers = models.JSONField(default=dict)
    #: Files among the answers, which are sealed: what belongs to a case is found without opening them.
    answer_files = ArrayField(models.UUIDField(), default=list, blank=True)
    #: Provided answers that the applicant corrected: [{path, provider, reason}].
    corrections = models.JSONField(default=list)
    #: GeoJSON geometry (CGCS2000) of what the case is about.
    location = models.JSONField(null=True)
    #: What the case is about besides the applicant: [{kind, id, name}].
    objects_concerned = models.JSONField(default=list)
    #: Numbers of the case in other systems: {system: number}.
    external_numbers = models.JSONField(default=dict)

    filed_at = models.DateTimeField(default=now)
    accepted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    #: Due instant of the clock that governs now; FAR_FUTURE while none runs.
    due_at = models.DateTimeField(default=FAR_FUTURE)
    amber_at = models.DateTimeField(default=FAR_FUTURE)
    red_at = models.DateTimeField(default=FAR_FUTURE)
    #: When the applicant last opened the case.
    seen_at = models.DateTimeField(null=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        """Indexes for the applicant's list, the office's lists and supervision; closed cases leave the hot ones."""

        verbose_name = _("办件")
        verbose_name_plural = _("办件")
        indexes: ClassVar = [
            models.Index(fields=["applicant_id", "-filed_at", "-id"], name="casework_case_applicant"),
            models.Index(fields=["operator_id", "-filed_at", "-id"], name="casework_case_operator"),
            models.Index(fields=["handling_unit_id", "-filed_at", "-id"], name="casework_case_unit"),
            models.Index(fields=["item_code", "-filed_at"], name="casework_case_item"),
            # Searches by name: the first finds rare names, the second common ones, the latest cases first.
            models.Index(fields=["applicant_name"], name="casework_case_name", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["-filed_at", "-id"], name="casework_case_filed"),
            models.Index(fields=["due_at", "id"], name="casework_case_due", condition=Q(due_at__lt=FAR_FUTURE)),
            GinIndex(fields=["answer_files"], name="casework_case_answer_files"),
        ]

    if TYPE_CHECKING:

        def get_state_display(self) -> str:
            """Return the state in words."""
            ...

    def __str__(self) -> str:
        """Return number and title."""
        return f"{self.number} {self.title}"

    @property
    def applicant(self) -> Party:
        """Return on whose behalf the case was filed."""
        kind = "legal" if self.applicant_kind == "legal" else "person"
        return Party(kind, self.applicant_id, self.applicant_name, self.division_code)

    @property
    def is_open(self) -> bool:
        """Say whether the case still goes on."""
        return self.state not in (self.State.CLOSED, self.State.NOT_ACCEPTED, self.State.WITHDRAWN)


class CaseStatus(models.Model):
    """One line of a case's history (状态), append-only, with a text for the resident and one for insiders."""

    id = IdField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="statuses", db_index=False)
    #: Revision of the case that this line belongs to.
    sequence = models.IntegerField()
    state = models.CharField(max_length=12, choices=Case.State.choices)
    #: Name of the action.
    act = models.CharField(max_length=80)
    at = models.DateTimeField(default=now)
    actor_name = models.CharField(max_length=100)
    officer_id = models.UUIDField(null=True)
    unit_id = models.UUIDField(null=True)
    public_text = models.TextField()
    internal_text = models.TextField(blank=True)

    class Meta:
        """One line per revision."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "sequence"], name="casework_status_sequence")]

    def __str__(self) -> str:
        """Return the text for the resident."""
        return self.public_text
