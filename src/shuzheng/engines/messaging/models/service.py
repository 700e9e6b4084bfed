"""Service of documents in law (送达): consent, the ladder of ways, and the proof of each step."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.models import OrgUnit, Person
from shuzheng.engines.messaging.models.message import Message
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class ServiceConsent(models.Model):
    """A person's consent to be served electronically (电子送达确认), 民事诉讼法 §90; may be taken back at any time."""

    id = IdField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    #: Words agreed to.
    text = models.TextField(_("确认内容"))
    agreed_at = models.DateTimeField(_("同意时间"), default=now)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)

    class Meta:
        """One consent in force per person."""

        constraints = [
            models.UniqueConstraint(
                fields=["person"], name="messaging_one_consent", condition=models.Q(withdrawn_at=None)
            )
        ]

    def __str__(self) -> str:
        """Return the moment."""
        return str(self.agreed_at)


class Way(models.TextChoices):
    """Ways of service, as the ladder climbs (送达方式)."""

    ELECTRONIC = "electronic", _("电子送达")
    DIRECT = "direct", _("直接送达")
    MAIL = "mail", _("邮寄送达")
    LEFT = "left", _("留置送达")
    NOTICE = "notice", _("公告送达")


class LegalService(models.Model):
    """One document to be served on one person (文书送达). It ends with the date from which periods run."""

    class Status(models.TextChoices):
        """How far it got."""

        OPEN = "open", _("待送达")
        UNDER_WAY = "under_way", _("送达中")
        SERVED = "served", _("已送达")
        CANCELLED = "cancelled", _("已取消")

    id = IdField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("受送达人"))
    case_id = models.UUIDField(_("办件"), null=True)
    title = models.CharField(_("文书名称"), max_length=200)
    #: 文号.
    number = models.CharField(_("文号"), max_length=80, blank=True)
    #: SM3 of the document, hexadecimal: what exactly was served.
    digest = models.CharField(_("摘要（SM3）"), max_length=64)
    #: Path on this site where the recipient reads it.
    link = models.CharField(_("链接"), max_length=300, blank=True)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", null=True, verbose_name=_("送达单位"))
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.OPEN)
    #: The way by which it was served, or is being tried.
    way = models.CharField(_("方式"), max_length=10, choices=Way, blank=True)
    #: Periods run from the day after it.
    served_on = models.DateField(_("送达日期"), null=True)
    #: Under public notice: the day on which it is deemed served.
    deemed_on = models.DateField(_("视为送达日期"), null=True)
    message = models.ForeignKey(Message, models.SET_NULL, related_name="+", null=True)
    created_at = models.DateTimeField(_("时间"), default=now)
    person_id: UUID
    unit_id: UUID | None

    class Meta:
        """Listed newest first; notices are found by the day on which they take effect."""

        verbose_name = _("文书送达")
        verbose_name_plural = _("文书送达")
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="messaging_service_recent"),
            models.Index(fields=["deemed_on"], name="messaging_deemed", condition=models.Q(status="under_way")),
        ]

    def __str__(self) -> str:
        """Return the document's title."""
        return self.title


class ServiceStep(models.Model):
    """One try at service and what came of it (送达记录): never changed, each appended to the evidence ledger."""

    class Outcome(models.TextChoices):
        """What came of it."""

        STARTED = "started", _("已发起")
        SERVED = "served", _("已送达")
        FAILED = "failed", _("未成功")

    id = IdField()
    service = models.ForeignKey(LegalService, models.CASCADE, related_name="steps")
    way = models.CharField(_("方式"), max_length=10, choices=Way)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome)
    at = models.DateTimeField(_("时间"), default=now)
    #: Where to, masked; the number of the letter; witnesses; where the notice hangs.
    place = models.CharField(_("地点"), max_length=300, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    by = models.CharField(_("经办人"), max_length=100)
    #: SM3 of the step's canonical content, as the ledger holds it.
    digest = models.CharField(_("摘要（SM3）"), max_length=64)
    #: Entry of the evidence ledger.
    entry_id = models.CharField(_("存证编号"), max_length=64, blank=True)

    class Meta:
        """Read in order."""

        verbose_name = _("送达记录")
        verbose_name_plural = _("送达记录")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        """Return way and outcome."""
        return f"{self.way} {self.outcome}"
