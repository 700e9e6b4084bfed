"""Where allauth meets the platform: lockout, sessions and audit around signing in and out."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity import authority, failures, second_factor, sessions
from shuzheng.engines.identity.errors import SignInLocked
from shuzheng.engines.identity.identifiers import find_account
from shuzheng.engines.identity.models import Account
from shuzheng.engines.trust.crypto import open_sealed, seal
from shuzheng.kernel import audit
from shuzheng.kernel.actor import ANYBODY, Actor

#: What the stored factors are sealed for.
_PURPOSE = "identity.second_factor"


class AccountAdapter(DefaultAccountAdapter):
    """Signing in and out as the platform wants it."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("用户名或密码不正确。请核对后重试；忘记密码可持身份证到窗口重置。"),
        "account_inactive": _("用户名或密码不正确。请核对后重试；忘记密码可持身份证到窗口重置。"),
        "enter_current_password": _("当前密码不正确，请重新输入。"),
        "incorrect_password": _("密码不正确，请重新输入。"),
        "incorrect_code": _("验证码不正确或已过期，请输入最新的验证码。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Registration goes through the real-name page, see ``views.register``."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that the actor has, too."""
        return sessions.client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before it is checked. Raises ValidationError when there were too many."""
        account = find_account(credentials.get("username", ""))
        guard(request, account, credentials.get("username", ""))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write the failure into the audit; what was typed is not kept."""
        note(request, find_account(credentials.get("username", "")), "failed", reason="password")

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Check the password once more; a success clears the attempt that was counted."""
        proved = super().reauthenticate(user, password)
        if proved:
            failures.clear(failures.target_of(user))
        return proved

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in, begin the session and write it into the audit."""
        with transaction.atomic():
            super().login(request, user)
            sessions.begin(request, user)
            failures.clear(failures.target_of(user))
            methods = [record.get("method") for record in request.session.get("account_authentication_methods", [])]
            note(request, user, "done", methods=methods)

    def logout(self, request: HttpRequest) -> None:
        """Sign out and write it into the audit."""
        actor = getattr(request, "actor", ANYBODY)
        with transaction.atomic():
            audit.record(audit.Entry(kind="sign-in", name="identity.sign_out", actor=actor))
            super().logout(request)

    def set_password(self, user: Any, password: str) -> None:
        """Set the password, end every other session and write it into the audit."""
        request = cast(HttpRequest, context.request)
        with transaction.atomic():
            super().set_password(user, password)
            sessions.end(user.pk, keep=request.session.session_key)
            audit.record(_entry("act", "identity.change_password", request, user))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead officers to their desk and residents home."""
        officer = hasattr(request.user, "officer")
        return settings.OFFICER_LOGIN_REDIRECT_URL if officer else settings.LOGIN_REDIRECT_URL

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing about signing in and out; the page itself shows it."""

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Act on a change of second factors, which allauth tells here: audit it, end every other session."""
        if template_prefix.startswith("mfa/"):
            _second_factor_changed(cast(HttpRequest, self.request), user, template_prefix.rpartition("/")[2])


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors as the platform wants them: secrets encrypted, an officer's last one kept."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("验证码不正确或已过期，请输入最新的验证码。"),
        "cannot_delete_authenticator": _("工作人员必须保留一种双重验证方式，没有停用。请先添加另一种，再停用这一种。"),
    }

    def encrypt(self, text: str) -> str:
        """Encrypt a factor's secret with the platform's key."""
        return seal(text, _PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a factor's secret."""
        return open_sealed(encrypted_text, _PURPOSE)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Refuse an officer's last second factor to be removed."""
        account = authenticator.user
        if not hasattr(account, "officer") or not second_factor.demanded():
            return True
        others = second_factor.factors(account).exclude(pk=authenticator.pk)
        return authenticator.type not in second_factor.FACTORS or others.exists()


def guard(request: HttpRequest, account: Account | None, typed: str = "") -> None:
    """Count an attempt to prove who one is before it is checked. Raises ValidationError when there were too many."""
    try:
        failures.reserve(failures.target_of(account, typed), sessions.client_address(request))
    except SignInLocked as locked:
        note(request, account, "refused", reason="locked")
        raise ValidationError(str(locked), code=locked.code) from locked


def note(request: HttpRequest, account: Account | None, result: Any, **detail: Any) -> None:
    """Write an attempt to sign in into the audit."""
    with transaction.atomic():
        entry = _entry("sign-in", "identity.sign_in", request, account, **detail)
        entry.result = result
        audit.record(entry)


def _second_factor_changed(request: HttpRequest, account: Account, change: str) -> None:
    with transaction.atomic():
        authority.changed([account.pk])
        sessions.end(account.pk, keep=request.session.session_key)
        audit.record(_entry("act", "identity.change_second_factor", request, account, change=change))


def _entry(kind: Any, name: str, request: HttpRequest, account: Account | None, **detail: Any) -> audit.Entry:
    actor = Actor(
        name=account.username if account else "",
        account_id=account.pk if account else None,
        person_id=account.person_id if account else None,
        address=sessions.client_address(request),
        correlation_id=getattr(request, "correlation_id", ""),
    )
    entry = audit.Entry(kind=kind, name=name, actor=actor, detail=detail)
    if account is not None:
        entry.subject_type, entry.subject_id = "identity.account", str(account.pk)
    return entry
