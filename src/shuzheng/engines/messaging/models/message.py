"""Messages (消息)."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.models import Person
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Message(models.Model):
    """One message in somebody's inbox (站内消息), as it was worded when it was sent."""

    id = IdField()
    recipient_person = models.ForeignKey(
        Person, models.CASCADE, related_name="+", null=True, db_index=False, verbose_name=_("收件人")
    )
    #: For people who have an account but no entry in the register of persons.
    recipient_account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        null=True,
        db_index=False,
        verbose_name=_("收件账户"),
    )
    #: Code of the template it was made from.
    template = models.CharField(_("模板"), max_length=120)
    subject = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("内容"))
    #: Path on this site where something can be done about it.
    link = models.CharField(_("链接"), max_length=300, blank=True)
    case_id = models.UUIDField(_("办件"), null=True)
    #: Says what it tells; the same is never told twice.
    key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(_("时间"), default=now)
    read_at = models.DateTimeField(_("阅读时间"), null=True)
    recipient_person_id: UUID | None
    recipient_account_id: UUID | None

    class Meta:
        """An inbox is read newest first; unread ones are counted up to a bound."""

        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        constraints = [
            models.CheckConstraint(
                name="messaging_message_has_recipient",
                condition=Q(recipient_person__isnull=False) | Q(recipient_account__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["recipient_person", "-created_at", "-id"], name="messaging_inbox_person"),
            models.Index(fields=["recipient_account", "-created_at", "-id"], name="messaging_inbox_account"),
            models.Index(fields=["recipient_person"], name="messaging_unread_person", condition=Q(read_at=None)),
            models.Index(fields=["recipient_account"], name="messaging_unread_account", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        """Return the subject."""
        return self.subject
