"""What can go wrong in identity, in words for the person concerned."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.error import Conflict, NotFound, NotPermitted, TooMany


class NoSuchParty(NotFound):
    """The choice of whom to act for does not exist or is not this person's."""

    code = "no-such-party"
    message = _("没有找到这个办事身份，授权可能已到期或被撤销。请重新选择。")


class MandateDoesNotCover(NotPermitted):
    """Nobody has allowed this person to do this for the party, or not today, or not this item."""

    code = "mandate-does-not-cover"
    message = _("您现在没有代“{party}”办理这件事的有效授权，您填写的内容已保留。请联系对方授权，或改为办理本人的事项。")


class MandateStateChanged(Conflict):
    """The mandate is no longer in the state that the operation needs."""

    code = "mandate-state"
    message = _("这份授权的状态已经变化，操作没有执行。请刷新后查看。")


class NoSuchPerson(NotFound):
    """Name and id number do not belong to one known person; which of them is wrong is not said."""

    code = "no-such-person"
    message = _("姓名与证件号码核对不上，或对方还没有实名注册。请核对后再试。")


class IdentityNotConfirmed(NotPermitted):
    """The real-name check did not confirm the person."""

    code = "identity-not-confirmed"
    message = _("姓名、证件号码与登记信息不一致，没有通过实名核验。请核对后重试，或持身份证到就近政务服务窗口办理。")


class AlreadyRegistered(Conflict):
    """The person has an account."""

    code = "already-registered"
    message = _("您已经注册过，没有重复创建账户。请直接登录；忘记密码可持身份证到窗口重置。")


class AdministratorsExclusive(Conflict):
    """One person would be two of the three administrators."""

    code = "administrators-exclusive"
    message = _("“{held}”与“{wanted}”不能由同一人担任（系统、安全、审计三员分立）。请另选人员，或先收回原角色。")


class OwnRole(NotPermitted):
    """Somebody would give or take their own role."""

    code = "own-role"
    message = _("不能给自己授予或收回角色，请由另一位安全管理员办理。")


class AlreadyAppointed(Conflict):
    """The officer holds the post in that time."""

    code = "already-appointed"
    message = _("{name}在这段时间已经担任“{post}”，没有重复任命。")


class AlreadyDelegated(Conflict):
    """Duties are delegated already in that time."""

    code = "already-delegated"
    message = _("这段时间的职责已经委托给了另一位同事，请先结束原来的委托。")


class AlreadyAssigned(Conflict):
    """The officer holds the role in that scope and time."""

    code = "already-assigned"
    message = _("这位工作人员已经拥有该角色，没有重复授予。")


class SignInLocked(TooMany):
    """Too many failed attempts to sign in."""

    code = "sign-in-locked"
    message = _("连续多次登录失败，为保护账户已暂停登录 {minutes} 分钟。请稍后再试；忘记密码可持身份证到窗口重置。")


class SecondFactorRequired(NotPermitted):
    """Officers need a second factor."""

    code = "second-factor-required"
    message = _("工作人员须先启用双重验证，才能进入办公。")
