"""Forms of the accounts area: allauth's, with our words and our lockout, and registration."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as SecondFactorReauthenticateForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity import failures
from shuzheng.engines.identity.adapters import guard, note


class SignInForm(LoginForm):
    """Signing in with a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the fields."""
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, login.help_text = _("用户名、手机号或身份证号"), ""
        login.widget.attrs = {"autocomplete": "username webauthn", "autofocus": True}
        password.label, password.help_text = _("密码"), ""
        password.widget.attrs = {"autocomplete": "current-password"}


class PasswordChangeForm(ChangePasswordForm):
    """Changing one's password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the fields."""
        super().__init__(*args, **kwargs)
        for name, label in (
            ("oldpassword", _("当前密码")),
            ("password1", _("新密码")),
            ("password2", _("再输一遍新密码")),
        ):
            self.fields[name].label = label
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = _(
            "8 到 128 个字符，可以粘贴。不要用常见密码、姓名、生日、证件号码或手机号码。"
        )

    def clean_oldpassword(self) -> str:
        """Check the present password, counting failures."""
        return _counted(self.user, super().clean_oldpassword)


class ConfirmPasswordForm(ReauthenticateForm):
    """Entering the password once more before a sensitive change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the field."""
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("密码")
        self.fields["password"].widget.attrs.pop("placeholder", None)


class SecondFactorForm(AuthenticateForm):
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the field."""
        super().__init__(*args, **kwargs)
        _label_code(self)

    def clean_code(self) -> str:
        """Check the code, counting failures."""
        return _counted(self.user, super().clean_code)


class ConfirmSecondFactorForm(SecondFactorReauthenticateForm):
    """Entering a code once more before a sensitive change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Label the field."""
        super().__init__(*args, **kwargs)
        _label_code(self)

    def clean_code(self) -> str:
        """Check the code, counting failures."""
        return _counted(self.user, super().clean_code)


class RegistrationForm(forms.Form):
    """What a resident tells to register; the action checks it."""

    name = forms.CharField(label=_("姓名"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    id_number = forms.CharField(
        label=_("身份证号码"),
        max_length=18,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    mobile = forms.CharField(
        label=_("手机号码"),
        max_length=11,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "numeric"}),
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("8 到 128 个字符，可以粘贴。不要用常见密码、姓名、生日、证件号码或手机号码。"),
    )
    consent = forms.BooleanField(label=_("我同意为实名核验使用以上信息"))

    def clean_password(self) -> str:
        """Check the password's own rules."""
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]


def _label_code(form: Any) -> None:
    field = form.fields["code"]
    field.label = _("验证码")
    field.help_text = _("打开验证器应用，输入 6 位数字；也可以输入一个备用码。")
    field.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


def _counted(account: Any, check: Any) -> str:
    """Run a check of a secret; a failure counts towards the lock, a success clears it."""
    request = cast(HttpRequest, context.request)
    guard(request, account)
    try:
        proved = check()
    except ValidationError:
        note(request, account, "failed", reason="second-factor")
        raise
    failures.clear(failures.target_of(account))
    return proved
