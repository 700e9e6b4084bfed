"""The audit (审计日志)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import LtreeField


class AuditRecord(models.Model):
    """One act, one read of personal data or one sign-in: who, as whom, why, when, from where, with which result.

    The table is partitioned by month, refuses changes by a trigger and is not managed by Django: its SQL is in
    ``migrations/sql``. Each record is a leaf of the ledger (``Leaf.record`` is its id) within a second of its commit.
    """

    class Kind(models.TextChoices):
        """What sort of event it was."""

        ACT = "act", _("办理")
        READ = "read", _("查阅")
        SIGN_IN = "sign-in", _("登录")

    class Result(models.TextChoices):
        """How it ended."""

        DONE = "done", _("完成")
        REFUSED = "refused", _("被拒绝")
        FAILED = "failed", _("失败")

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(_("时间"))
    kind = models.CharField(_("类别"), choices=Kind.choices)
    #: Name of the action, or of the page or query that read.
    name = models.CharField(_("操作"))
    result = models.CharField(_("结果"), choices=Result.choices)
    actor_name = models.CharField(_("操作人"))
    account_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    officer_id = models.UUIDField(null=True)
    #: The party on whose behalf it was done.
    party_kind = models.CharField()
    party_id = models.UUIDField(null=True)
    party_name = models.CharField(_("代表"))
    mandate_id = models.UUIDField(null=True)
    assurance = models.SmallIntegerField(_("认证等级"))
    channel = models.CharField(_("渠道"))
    address = models.CharField(_("网络地址"))
    correlation_id = models.CharField()
    case_id = models.UUIDField(null=True)
    #: Label of a model, e.g. ``identity.person``, and its key.
    subject_type = models.CharField(_("对象"))
    subject_id = models.CharField()
    purpose = models.CharField(_("目的"))
    division = LtreeField(_("区划"))
    #: Facts that are not personal data.
    detail = models.JSONField(_("详情"))
    #: Random, so that nobody can guess what the leaf keeps closed.
    salt = models.BinaryField()
    #: Hash of the record's leaf in the ledger (``content.leaf``).
    leaf_hash = models.BinaryField()
    #: Transaction that wrote it; it enters the ledger when no earlier transaction can still commit.
    xid = models.BigIntegerField()

    class Meta:
        """Listed newest first."""

        managed = False
        db_table = "trust_auditrecord"
        verbose_name = _("审计记录")
        verbose_name_plural = _("审计记录")

    def __str__(self) -> str:
        """Return time, actor and name."""
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_name} {self.name}"
