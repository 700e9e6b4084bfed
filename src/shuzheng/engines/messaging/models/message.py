"""Messages in people's inboxes (站内消息)."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.models import Person
from shuzheng.engines.messaging.models.bulk import Bulk
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
    #: Code and version of the template it was made from.
    template = models.CharField(_("模板"), max_length=120)
    template_version = models.CharField(_("模板版本"), max_length=20, default="")
    category = models.CharField(_("类别"), max_length=20, default="case")
    #: Language of the wording, as the recipient prefers.
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    subject = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("内容"))
    #: The same in plain words for the elder mode; empty where the template has none.
    plain = models.TextField(_("大字简明版"), default="", blank=True)
    #: Path on this site where something can be done about it.
    link = models.CharField(_("链接"), max_length=300, blank=True)
    case_id = models.UUIDField(_("办件"), null=True)
    #: Asks the recipient to do something, until ``done_at``.
    asks = models.BooleanField(_("需要处理"), default=False)
    done_at = models.DateTimeField(_("处理时间"), null=True)
    #: Department that sends, as budgets count it; empty for the platform.
    department = models.CharField(_("发送部门"), max_length=80, default="", blank=True)
    bulk = models.ForeignKey(Bulk, models.CASCADE, related_name="+", null=True, db_index=False)
    #: Says what it tells; the same is never told twice.
    key = models.CharField(max_length=200, unique=True)
    #: From when it is in the inbox; later than now for a scheduled message.
    created_at = models.DateTimeField(_("时间"), default=now)
    read_at = models.DateTimeField(_("阅读时间"), null=True)
    #: The recipient deleted it.
    hidden_at = models.DateTimeField(_("删除时间"), null=True)
    recipient_person_id: UUID | None
    recipient_account_id: UUID | None
    bulk_id: UUID | None

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
            models.Index(
                fields=["recipient_person", "-created_at", "-id"],
                name="messaging_inbox_person",
                condition=Q(recipient_person__isnull=False),
            ),
            models.Index(
                fields=["recipient_account", "-created_at", "-id"],
                name="messaging_inbox_account",
                condition=Q(recipient_account__isnull=False),
            ),
            models.Index(
                fields=["recipient_person"], name="messaging_asks_person", condition=Q(asks=True, done_at=None)
            ),
            models.Index(
                fields=["recipient_account"], name="messaging_asks_account", condition=Q(asks=True, done_at=None)
            ),
        ]

    def __str__(self) -> str:
        """Return the subject."""
        return self.subject

    @property
    def owner(self) -> UUID | None:
        """Return the id under which the recipient's addresses and preferences are kept."""
        return self.recipient_person_id or self.recipient_account_id
