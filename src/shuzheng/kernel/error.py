"""Errors that people and programs see: one hierarchy, one form (RFC 9457 problem details)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one field of an input, and how to mend it."""

    #: Path of the field, e.g. ``materials.0.file``.
    path: str
    #: Message in the person's language.
    message: str


class ShuzhengError(Exception):
    """Base of every error that is part of an operation's contract.

    ``message`` says what happened, what was kept and what to do next; ``params`` fill its placeholders.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    message: Any = _("系统出现故障，您填写的内容没有丢失。请稍后再试。")
    #: Seconds after which trying again may help (RFC 9110 §10.2.3); ``None`` where it will not.
    retry_after: int | None = None

    def __init__(self, message: Any = None, **params: Any) -> None:
        """Use the class's message unless another is given."""
        self.params = params
        if message is not None:
            self.message = message
        super().__init__()

    def __str__(self) -> str:
        """Return the person's message in the active language."""
        text = str(self.message)
        return text.format(**self.params) if self.params else text

    @property
    def words(self) -> str:
        """Return everything a person should read, in one line, where a page has no fields to say it at."""
        return str(self)

    def problem(self) -> dict[str, Any]:
        """Return the RFC 9457 problem details without the instance."""
        return {
            "type": f"urn:shuzheng:problem:{self.code}",
            "title": str(self),
            "status": self.status,
            "code": self.code,
        }


class InvalidInput(ShuzhengError):
    """What was entered cannot be accepted."""

    status = 422
    code = "invalid-input"
    message = _("有内容需要修改，已填写的内容已保留。请按提示修改后再提交。")

    def __init__(self, *errors: FieldProblem, message: Any = None) -> None:
        """Keep the problems of each field."""
        self.errors = errors
        super().__init__(message)

    @property
    def words(self) -> str:
        """Return what is wrong with each field, else the message."""
        return "；".join(str(error.message) for error in self.errors) or str(self)

    def problem(self) -> dict[str, Any]:
        """Return the problem details with one entry per field."""
        return {**super().problem(), "errors": [{"path": e.path, "message": str(e.message)} for e in self.errors]}


class Unreadable(ShuzhengError):
    """A request is not in the form that it claims to be in."""

    status = 400
    code = "unreadable"
    message = _("请求的格式有误，没有执行。请检查后重新发送。")


class NotPermitted(ShuzhengError):
    """The actor may not do or see this."""

    status = 403
    code = "not-permitted"
    message = _("您没有办理这项操作的权限。如确需办理，请联系本单位管理员。")


class SignInRequired(NotPermitted):
    """Nobody has signed in."""

    status = 401
    code = "sign-in-required"
    message = _("请先登录。登录后会回到当前页面。")


class NotFound(ShuzhengError):
    """There is no such thing, or the actor may not know of it."""

    status = 404
    code = "not-found"
    message = _("没有找到您要的内容，可能已被移走或编号有误。")


class Conflict(ShuzhengError):
    """The thing has changed meanwhile, or its state forbids the operation."""

    status = 409
    code = "conflict"
    message = _("内容刚刚被他人更新，您的操作没有执行。请刷新后再试。")


class TooLarge(ShuzhengError):
    """The input exceeds a bound."""

    status = 413
    code = "too-large"
    message = _("内容超过大小限制，请缩小后再试。")


class TooMany(ShuzhengError):
    """Too many attempts in a short time."""

    status = 429
    code = "too-many"
    retry_after = 60
    message = _("操作过于频繁，请稍候再试。")


class Unavailable(ShuzhengError):
    """Something that the operation needs is not reachable at the moment."""

    status = 503
    code = "unavailable"
    retry_after = 30
    message = _("服务暂时不可用，您填写的内容没有丢失。请过一会儿再试。")
