"""What can go wrong with the meaning of a value."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.error import Conflict, NotFound, ShuzhengError


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
