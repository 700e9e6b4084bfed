"""Connected applications (应用接入登记): what they are, who answers for them, how far they have come."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.models.account import Account
from shuzheng.engines.identity.models.officer import Officer
from shuzheng.engines.identity.models.organisation import OrgUnit
from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class Application(models.Model):
    """A system of a department or a partner that calls the platform (接入应用)."""

    class State(models.TextChoices):
        """How far it has come: 申请 → 审核 → 联调 → 上线 → 暂停 → 下线."""

        APPLIED = "applied", _("待审核")
        RETURNED = "returned", _("已退回")
        TESTING = "testing", _("联调中")
        ONLINE = "online", _("已上线")
        PAUSED = "paused", _("已暂停")
        OFFLINE = "offline", _("已下线")

    class Kind(models.TextChoices):
        """What kind of system it is."""

        BUSINESS = "business", _("业务系统")
        DATA = "data", _("数据平台")
        MOBILE = "mobile", _("移动应用")
        TERMINAL = "terminal", _("自助终端")
        PARTNER = "partner", _("合作单位系统")

    class Level(models.IntegerChoices):
        """The highest level of the data that it handles (数据分级)."""

        PUBLIC = 1, _("一级（公开）")
        INTERNAL = 2, _("二级（内部）")
        SENSITIVE = 3, _("三级（敏感）")
        CORE = 4, _("四级（高敏感）")

    class Environment(models.TextChoices):
        """Whether it only tries the interfaces, or works with them."""

        TEST = "test", _("测试")
        PRODUCTION = "production", _("生产")

    id = IdField()
    #: What it calls itself, e.g. ``housing-contracts``.
    code = models.CharField(_("应用编码"), max_length=60, unique=True)
    name = models.CharField(_("应用名称"), max_length=100)
    unit_id: UUID
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    division_path = LtreeField()
    contact_id: UUID | None
    #: None only for what was registered before there were contacts.
    contact = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True, verbose_name=_("联系人"))
    account_id: UUID
    #: In whose name its acts are recorded; nobody can sign in with it.
    account = models.OneToOneField(Account, models.PROTECT, related_name="application", verbose_name=_("账户"))
    purpose = models.CharField(_("用途"), max_length=500)
    kind = models.CharField(_("系统类型"), max_length=20, choices=Kind, default=Kind.BUSINESS)
    level = models.PositiveSmallIntegerField(_("数据级别"), choices=Level, default=Level.INTERNAL)
    environment = models.CharField(_("环境"), max_length=12, choices=Environment, default=Environment.PRODUCTION)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.APPLIED)
    #: Networks from which it calls, e.g. ``10.36.7.0/24``; empty for any.
    networks = ArrayField(models.CharField(max_length=50), verbose_name=_("允许的网段"), default=list)
    #: Approvals that what was last asked for still needs; 0 while nothing waits for review.
    approvals_left = models.PositiveSmallIntegerField(_("待审核人次"), default=0)
    submitted_by_id: UUID | None
    submitted_by = models.ForeignKey(Account, models.PROTECT, related_name="+", null=True)
    #: Who gave the first of two approvals.
    reviewer_id: UUID | None
    reviewer = models.ForeignKey(Account, models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(_("申请时间"), default=now)
    changed_at = models.DateTimeField(_("更新时间"), default=now)

    class Meta:
        """Listed by division, the latest first; the review queue is short."""

        verbose_name = _("接入应用")
        verbose_name_plural = _("接入应用")
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="identity_application_latest"),
            models.Index(
                fields=["changed_at"], name="identity_application_queue", condition=models.Q(approvals_left__gt=0)
            ),
            GistIndex(fields=["division_path"], name="identity_application_place"),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class ApplicationEvent(models.Model):
    """One step in an application's life (接入历史): written once, never changed."""

    id = IdField()
    application = models.ForeignKey(Application, models.CASCADE, related_name="events")
    at = models.DateTimeField(_("时间"), default=now)
    #: Name of the action.
    act = models.CharField(_("操作"), max_length=60)
    title = models.CharField(_("操作名称"), max_length=60)
    by = models.CharField(_("经办人"), max_length=100)
    account_id = models.UUIDField(null=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)

    class Meta:
        """Read by application."""

        verbose_name = _("接入历史")
        verbose_name_plural = _("接入历史")
        indexes = [models.Index(fields=["application", "-at", "-id"], name="identity_application_event")]

    def __str__(self) -> str:
        """Return what was done."""
        return self.title


class ApplicationTrial(models.Model):
    """The latest trial of a capability, or of the signature (联调结果)."""

    id = IdField()
    application = models.ForeignKey(Application, models.CASCADE, related_name="trials", db_index=False)
    #: Code of the capability, or ``signature``.
    capability = models.CharField(_("能力"), max_length=40)
    passed = models.BooleanField(_("通过"))
    finding = models.CharField(_("结果"), max_length=300)
    at = models.DateTimeField(_("时间"), default=now)

    class Meta:
        """One result for each."""

        verbose_name = _("联调结果")
        verbose_name_plural = _("联调结果")
        constraints = [
            models.UniqueConstraint(fields=["application", "capability"], name="identity_application_trial_once")
        ]

    def __str__(self) -> str:
        """Return the finding."""
        return self.finding


class ApplicationCall(models.Model):
    """One signed call (调用记录): its nonce lets nobody repeat it, its outcome is shown; kept for seven days."""

    id = IdField()
    application = models.ForeignKey(Application, models.CASCADE, related_name="calls", db_index=False)
    #: Empty where the call was refused: a forger shall not use up nonces.
    nonce = models.CharField(max_length=64, blank=True)
    key_id = models.CharField(_("密钥编号"), max_length=80)
    at = models.DateTimeField(_("时间"), default=now)
    method = models.CharField(_("方法"), max_length=8)
    path = models.CharField(_("地址"), max_length=200)
    #: 0 while the call is under way.
    status = models.PositiveSmallIntegerField(_("状态码"), default=0)
    #: Code of the problem; empty where it was answered.
    problem = models.CharField(_("拒绝原因"), max_length=60, blank=True)
    address = models.CharField(_("网络地址"), max_length=45, blank=True)
    correlation_id = models.CharField(max_length=64, blank=True)

    class Meta:
        """Each nonce once; read by application, swept by time."""

        verbose_name = _("调用记录")
        verbose_name_plural = _("调用记录")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "nonce"],
                condition=models.Q(nonce__gt=""),
                name="identity_application_nonce_once",
            )
        ]
        indexes = [
            models.Index(fields=["application", "-at", "-id"], name="identity_application_calls"),
            models.Index(fields=["at"], name="identity_application_sweep"),
        ]

    def __str__(self) -> str:
        """Return method and path."""
        return f"{self.method} {self.path}"
