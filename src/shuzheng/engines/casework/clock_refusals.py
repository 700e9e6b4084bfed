"""What a clock's rule refuses, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.clock import RefusalReason
from shuzheng.kernel.error import Conflict


class ClockRefused(Conflict):
    """The clock's rule does not allow what was asked."""

    code = "clock-refused"
    message = _("时限规则不允许这项操作：{reason}。办件没有改变。")


def reason_of(reason: RefusalReason) -> Any:
    """Return in words why a rule refuses."""
    return REASONS[reason]


REASONS: dict[RefusalReason, Any] = {
    RefusalReason.NOT_RUNNING: _("时限没有在计时"),
    RefusalReason.GROUND_NOT_ALLOWED: _("本事项没有这项暂停事由的法律依据"),
    RefusalReason.NOT_EXTENDABLE: _("本事项不可延长期限"),
    RefusalReason.TOO_LONG: _("超过一次可延长的天数"),
    RefusalReason.TOO_OFTEN: _("已达到可延长的次数"),
    RefusalReason.NO_APPROVER: _("缺少批准人"),
    RefusalReason.TOO_LATE: _("期限已经届满，不能再延长"),
}
