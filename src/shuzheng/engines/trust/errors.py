"""What can go wrong in this engine, in the words a person sees."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.error import Conflict, InvalidInput, NotPermitted, ShuzhengError


class PurposeMissing(ShuzhengError):
    """Personal data was about to be shown without a purpose; nothing was shown."""

    status = 422
    code = "purpose-missing"
    message = _("查阅个人信息必须说明用途，本次没有显示。请填写用途或从办件中进入。")


class NotAKey(InvalidInput):
    """A verifier key that is none, or not of the sort that is needed."""

    code = "not-a-verifier-key"
    message = _("这不是账本或见证方的公钥，没有保存。请从对方的账本页面整行复制后再提交。")


class SecondPersonNeeded(NotPermitted):
    """Whoever asked for an erasure cannot carry it out."""

    code = "second-person-needed"
    message = _("删除个人信息要由提出人以外的另一位管理员执行。申请已保留，请另一位管理员办理。")


class ErasureDone(Conflict):
    """The erasure was carried out before."""

    code = "erasure-done"
    message = _("这项删除已经执行过了，密钥已销毁，不需要再办。")


class NothingToConfirm(Conflict):
    """There is no such evidence, or it is the confirming system's own."""

    code = "nothing-to-confirm"
    message = _("没有可确认的存证：编号不存在，或是本系统自己的存证。请核对存证编号。")
