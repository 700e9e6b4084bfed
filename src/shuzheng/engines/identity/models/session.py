"""Sessions by account, and failed sign-ins (会话与登录失败)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.devices import device_of
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now


class AccountSession(AbstractBaseSession):
    """A session (会话) that knows whose it is, so that people see and end their own sessions."""

    account_id = models.UUIDField(null=True, db_index=True)
    #: Public handle for lists and links; the session key itself is never shown. It survives a change of the key, when for
    #: a moment two rows have it.
    handle = models.UUIDField(default=new_id)
    started_at = models.DateTimeField(_("登录时间"), default=now)
    #: Last use, kept to the minute.
    seen_at = models.DateTimeField(_("最近使用"), default=now)
    address = models.CharField(_("网络地址"), max_length=45, blank=True)
    agent = models.CharField(_("设备"), max_length=200, blank=True)

    @property
    def device(self) -> str:
        """System and browser, in words."""
        return device_of(self.agent)

    class Meta(AbstractBaseSession.Meta):
        """Swept by expiry, listed by account."""

    @classmethod
    def get_session_store_class(cls) -> type:
        """Return the store that keeps sessions in this table."""
        return import_string(f"{settings.SESSION_ENGINE}.SessionStore")


class SignInFailure(models.Model):
    """One failed attempt to sign in (登录失败); swept after a day. Whom it aimed at is kept as a blind index only."""

    id = IdField()
    #: Blind index of what was typed as user name, or of the account's id.
    target = models.CharField(max_length=64)
    address = models.CharField(max_length=45, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        """Counted by target and by address within a window."""

        verbose_name = _("登录失败")
        verbose_name_plural = _("登录失败")
        indexes = [
            models.Index(fields=["target", "at"], name="identity_failure_target"),
            models.Index(fields=["address", "at"], name="identity_failure_address"),
        ]

    def __str__(self) -> str:
        """Return the moment."""
        return self.at.isoformat()
