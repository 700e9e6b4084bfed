"""Accounts: the way in (账户)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuzheng.engines.identity.models.person import Person
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Assurance(models.IntegerChoices):
    """How well it is proved who signs in (认证等级)."""

    SELF_REGISTERED = 1, _("自行注册")
    MOBILE = 2, _("手机号已核验")
    REAL_NAME = 3, _("实名已核验")
    FACE_TO_FACE = 4, _("窗口当面核验")


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by user name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """Return the account of a user name. Raises Account.DoesNotExist."""
        return self.get(username__iexact=username)


class Account(AbstractBaseUser):
    """A way in (账户): one per person, with what proves who signs in."""

    id = IdField()
    person_id: UUID | None
    username = models.CharField(_("用户名"), max_length=64, unique=True)
    person = models.OneToOneField(
        Person, models.PROTECT, related_name="account", null=True, verbose_name=pgettext_lazy("field", "本人")
    )
    assurance = models.PositiveSmallIntegerField(_("认证等级"), choices=Assurance, default=Assurance.SELF_REGISTERED)
    #: False for an account that an administrator has closed.
    is_active = models.BooleanField(_("启用"), default=True)
    #: May open the operators' screens; follows from the roles, see ``authority.changed``.
    is_staff = models.BooleanField(_("运维人员"), default=False)
    preferred_language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    elder_mode = models.BooleanField(_("长者模式"), default=False)
    #: Raised whenever posts, roles or mandates change; a session computes its grants anew when it sees another number.
    authority_version = models.PositiveIntegerField(default=1)
    #: Locked by an administrator; failures lock only for a while, see ``SignInFailure``.
    locked_at = models.DateTimeField(_("锁定时间"), null=True)
    lock_reason = models.CharField(_("锁定原因"), max_length=200, blank=True)
    password_changed_at = models.DateTimeField(_("密码修改时间"), null=True)
    created_at = models.DateTimeField(_("注册时间"), default=now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []
    objects = AccountManager()

    class Meta(AbstractBaseUser.Meta):
        """User names differ in more than case."""

        verbose_name = _("账户")
        verbose_name_plural = _("账户")
        constraints = [models.UniqueConstraint(Lower("username"), name="identity_account_username")]

    def __str__(self) -> str:
        """Return the user name."""
        return self.username

    def set_password(self, raw_password: str | None) -> None:
        """Set the password and remember when."""
        super().set_password(raw_password)
        self.password_changed_at = now()

    @property
    def locked(self) -> bool:
        """Say whether an administrator has locked the account."""
        return self.locked_at is not None

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Let operators look at the admin's tables; writing goes through actions only."""
        return self.is_active and self.is_staff and perm.partition(".")[2].startswith("view_")

    def has_module_perms(self, app_label: str) -> bool:
        """Show operators every application in the admin."""
        return self.is_active and self.is_staff
