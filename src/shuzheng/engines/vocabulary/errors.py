"""What can go wrong with the meaning of a value."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.error import Conflict, NotFound, NotPermitted, ShuzhengError


class InvalidValue(ShuzhengError):
    """A value does not fit its data element; the message says what is wrong and how to mend it."""

    status = 422
    code = "invalid-value"
    message = _("内容不符合要求，请核对后重填。")


class UnknownDivision(NotFound):
    """There is no administrative division of this code."""

    code = "unknown-division"
    message = _("没有代码为“{division}”的行政区划，请核对代码或按名称查找。")


class UnknownCode(NotFound):
    """A code is not in its list."""

    code = "unknown-code"
    message = _("代码表“{list}”中没有代码“{value}”，请从列表中选择。")


class OutsideBoundaries(NotFound):
    """A position lies in none of the divisions whose boundaries are known."""

    code = "outside-boundaries"
    message = _("这个位置不在已知的行政区划范围内，请核对经度和纬度的先后次序和数值。")


class CalendarUnchanged(Conflict):
    """The calendar says so already, or there is nothing to take back."""

    code = "calendar-unchanged"
    message = _("工作日历本来就是这样，没有需要改动的内容，未作任何修改。")


class CalendarInUse(Conflict):
    """A day that the entry tells of has come, so that limits have run by it."""

    code = "calendar-in-use"
    message = _("{year} 年的放假安排已经开始执行，不能撤回。有误的，请重新录入，由另一人确认。")


class OwnProposal(NotPermitted):
    """A second officer must confirm what one has entered."""

    code = "own-proposal"
    message = _("工作日历的变更不能由录入人自己确认，请交另一位有权限的同志核对后确认。")


class ProposalSettled(Conflict):
    """The proposal has been confirmed or laid aside, or there is none."""

    code = "proposal-settled"
    message = _("这份录入已经确认或作废，没有重复办理。请刷新页面查看。")


class EffectUnknown(Conflict):
    """The due dates that would move are still being counted."""

    code = "effect-unknown"
    message = _("还在计算有多少办件的期限会变，没有确认。请稍等片刻再试。")
