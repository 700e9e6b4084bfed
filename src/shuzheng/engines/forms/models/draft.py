"""Answers that were not sent yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now

#: Days after the last change for which a draft is kept.
KEPT_DAYS = 90
#: Days for which a discarded draft can be brought back.
UNDO_DAYS = 7


class Draft(models.Model):
    """A draft (草稿): what an account has filled in so far for a party and a subject, resumed on any device.

    One live draft per account, party and subject; when two pages save over each other, the later one is kept beside it
    as a copy, so that nothing is lost.
    """

    account_id: UUID
    copy_of_id: UUID | None

    id = IdField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("账户"))
    #: Id of the person or firm it is for.
    party_id = models.UUIDField(_("当事人"))
    party_kind = models.CharField(_("当事人类型"), max_length=10)
    #: What it is for: the code of the service item.
    subject = models.CharField(_("事项"), max_length=120)
    #: The version of the form it was last filled in with.
    form_id = models.UUIDField(_("表单版本"))
    form_key = models.CharField(_("表单"), max_length=120)
    #: Answers as ``seal_answers`` writes them.
    answers = models.JSONField(_("已填内容"), default=dict)
    #: Reasons for corrections, by path.
    reasons = models.JSONField(_("更正原因"), default=dict)
    #: What the portal keeps besides, e.g. material code → file ids and how each is supplied.
    materials = models.JSONField(_("材料"), default=dict)
    #: Per cent of the required answers given.
    progress = models.PositiveSmallIntegerField(_("完成度"), default=0)
    #: Raised with every change.
    revision = models.PositiveIntegerField(_("版本"), default=1)
    #: The draft that another page saved over; set for a copy.
    copy_of = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+", verbose_name=_("副本所属"))
    created_at = models.DateTimeField(_("创建时间"), default=now)
    updated_at = models.DateTimeField(_("更新时间"), default=now)
    discarded_at = models.DateTimeField(_("删除时间"), null=True)

    class Meta:
        """One live original per account, party and subject; listed by account, the latest first."""

        verbose_name = _("草稿")
        verbose_name_plural = _("草稿")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account", "party_id", "subject"],
                condition=Q(discarded_at__isnull=True, copy_of__isnull=True),
                name="forms_draft_one_live",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account", "-updated_at", "-id"], name="forms_draft_by_account"),
            models.Index(fields=["updated_at"], name="forms_draft_by_age"),
        ]

    def __str__(self) -> str:
        """Return the subject."""
        return self.subject

    @property
    def is_copy(self) -> bool:
        """Say whether it was saved beside another because both were changed at once."""
        return self.copy_of_id is not None

    @property
    def expires_at(self) -> Any:
        """Return when it is deleted unless it is changed before."""
        return self.updated_at + timedelta(days=KEPT_DAYS)
