"""Sending one message to many (群发)."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Bulk(models.Model):
    """One message to many people (群发): sent in batches, each in a transaction of its own that also moves the cursor."""

    class Audience(models.TextChoices):
        """Who gets it."""

        LIST = "list", _("名单")
        GROUP = "group", _("常用收件人")
        DIVISION = "division", _("区划内同意接收的人")
        ACCOUNTS = "accounts", _("全部账户")

    class Status(models.TextChoices):
        """How far it got."""

        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待审批")
        RUNNING = "running", _("发送中")
        PAUSED = "paused", _("已暂停")
        DONE = "done", _("已发完")
        CANCELLED = "cancelled", _("已取消")

    id = IdField()
    title = models.CharField(_("名称"), max_length=100)
    template = models.CharField(_("模板"), max_length=120)
    values = models.JSONField(_("内容"), default=dict)
    link = models.CharField(_("链接"), max_length=300, blank=True)
    audience = models.CharField(_("收件人"), max_length=10, choices=Audience)
    #: Code of the division for ``DIVISION``.
    division_code = models.CharField(_("区划"), max_length=12, blank=True)
    #: The group for ``GROUP``, whose members are copied to the bulk's list when it is submitted.
    group = models.ForeignKey("messaging.RecipientGroup", models.PROTECT, related_name="+", null=True)
    department = models.CharField(_("发送部门"), max_length=80, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    #: People it is meant for, counted when it is submitted.
    total = models.PositiveIntegerField(_("人数"), default=0)
    sent = models.PositiveIntegerField(_("已发"), default=0)
    #: Those who do not want messages of this category.
    skipped = models.PositiveIntegerField(_("不愿接收"), default=0)
    #: Announcements outside the inbox: made, handed over, arrived, failed.
    notices = models.PositiveIntegerField(_("短信和邮件"), default=0)
    told = models.PositiveIntegerField(_("已发出"), default=0)
    arrived = models.PositiveIntegerField(_("已到达"), default=0)
    failed = models.PositiveIntegerField(_("未到达"), default=0)
    #: Everybody up to this person or account has been dealt with.
    cursor = models.UUIDField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(_("拟稿时间"), default=now)
    #: Nothing is sent before.
    send_at = models.DateTimeField(_("定时"), null=True)
    started_at = models.DateTimeField(_("开始"), null=True)
    #: When the last batch was sent; one that stands still is taken up again.
    moved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("结束"), null=True)
    made_by_id: UUID | None
    approved_by_id: UUID | None
    group_id: UUID | None

    class Meta:
        """Listed newest first."""

        verbose_name = _("群发")
        verbose_name_plural = _("群发")
        indexes = [models.Index(fields=["-created_at", "-id"], name="messaging_bulk_recent")]

    def __str__(self) -> str:
        """Return the name."""
        return self.title

    @property
    def handled(self) -> int:
        """Return how many people have been dealt with."""
        return self.sent + self.skipped


class BulkRecipient(models.Model):
    """One person on the list of a bulk (群发名单), with values of their own for the placeholders."""

    id = IdField()
    bulk = models.ForeignKey(Bulk, models.CASCADE, related_name="recipients", db_index=False)
    person_id = models.UUIDField()
    values = models.JSONField(default=dict)

    class Meta:
        """Nobody is twice on a list; it is walked in order of persons."""

        constraints = [models.UniqueConstraint(fields=["bulk", "person_id"], name="messaging_once_on_a_list")]

    def __str__(self) -> str:
        """Return the person."""
        return str(self.person_id)
