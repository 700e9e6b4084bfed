"""Requests for the use of a seal and their approval (用印申请与审批)."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.models.stored_file import StoredFile
from shuzheng.engines.documents.seals.models.grant import SealGrant
from shuzheng.engines.documents.seals.models.seal import Seal
from shuzheng.engines.identity.models import Officer
from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class RequestState(models.TextChoices):
    """Where a request stands."""

    WAITING = "waiting", _("待审批")
    HALF_APPROVED = "half_approved", _("待第二人审批")
    APPROVED = "approved", _("已批准，待盖章")
    USED = "used", _("已盖章")
    REFUSED = "refused", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")


class SealRequest(models.Model):
    """A request to stamp one or many documents with one seal (用印申请)."""

    id = IdField()
    seal_id: UUID
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="requests", verbose_name=_("印章"))
    grant_id: UUID
    grant = models.ForeignKey(SealGrant, models.PROTECT, related_name="requests", verbose_name=_("授权"))
    applicant_id: UUID
    applicant = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name=_("申请人"))
    #: The seal's division: in which scope the request is approved.
    division_path = LtreeField()
    title = models.CharField(_("文件标题"), max_length=200)
    reason = models.CharField(_("用印事由"), max_length=500)
    document_kind = models.CharField(_("文书类型"), max_length=40)
    item_code = models.CharField(_("事项"), max_length=60, blank=True)
    case_id = models.UUIDField(_("办件"), null=True)
    #: Where the seal goes: ``{"page": 1, "x": 120, "y": 220}`` or ``{"edge": "right", "along": 120}``.
    place = models.JSONField(_("盖章位置"))
    state = models.CharField(_("状态"), max_length=15, choices=RequestState, default=RequestState.WAITING)
    first_approver_id: UUID | None
    first_approver = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True, verbose_name=_("审批人"))
    second_approver_id: UUID | None
    second_approver = models.ForeignKey(
        Officer, models.PROTECT, related_name="+", null=True, verbose_name=_("第二审批人")
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    #: Why it was refused.
    remark = models.CharField(_("审批意见"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("申请时间"), default=now)

    class Meta:
        """Listed by applicant, and while they wait by seal."""

        verbose_name = _("用印申请")
        verbose_name_plural = _("用印申请")
        indexes = [
            models.Index(fields=["applicant", "-created_at", "-id"], name="documents_request_mine"),
            models.Index(
                fields=["created_at", "id"],
                name="documents_request_waiting",
                condition=models.Q(state__in=("waiting", "half_approved")),
            ),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class SealRequestFile(models.Model):
    """One document of a request, before and after."""

    id = IdField()
    request = models.ForeignKey(SealRequest, models.CASCADE, related_name="files", verbose_name=_("申请"))
    file_id: UUID
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("文件"))
    result_id: UUID | None
    result = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", null=True, verbose_name=_("盖章文件"))

    class Meta:
        """Each document once."""

        verbose_name = _("用印文件")
        verbose_name_plural = _("用印文件")
        constraints = [models.UniqueConstraint(fields=["request", "file"], name="documents_request_file_once")]

    def __str__(self) -> str:
        """Return the file's id."""
        return str(self.file_id)
