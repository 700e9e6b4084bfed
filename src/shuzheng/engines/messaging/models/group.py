"""People who are written to again and again (常用收件人)."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class RecipientGroup(models.Model):
    """A list of people that a department keeps to write to (常用收件人)."""

    id = IdField()
    title = models.CharField(_("名称"), max_length=100)
    #: Code of the unit whose officers use it.
    department = models.CharField(_("部门"), max_length=80, blank=True)
    #: How many are in it; kept with every change.
    size = models.PositiveIntegerField(_("人数"), default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(_("建立时间"), default=now)
    changed_at = models.DateTimeField(_("更新时间"), default=now)
    made_by_id: UUID | None

    class Meta:
        """A department has one group of a name."""

        verbose_name = _("常用收件人")
        verbose_name_plural = _("常用收件人")
        constraints = [models.UniqueConstraint(fields=["department", "title"], name="messaging_group_title")]

    def __str__(self) -> str:
        """Return the name."""
        return self.title


class GroupMember(models.Model):
    """One person of a group (收件人)."""

    id = IdField()
    group = models.ForeignKey(RecipientGroup, models.CASCADE, related_name="members", db_index=False)
    person_id = models.UUIDField()

    class Meta:
        """Nobody is in it twice; it is walked in order of persons."""

        constraints = [models.UniqueConstraint(fields=["group", "person_id"], name="messaging_once_in_a_group")]

    def __str__(self) -> str:
        """Return the person."""
        return str(self.person_id)
