"""What one line says of a case: where it stands and what the applicant must do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuzheng.engines.casework.models import FAR_FUTURE, Case
from shuzheng.kernel.moment import now
from shuzheng.ui.templatetags.ui import zh_short_date

State, Result = Case.State, Case.Result
#: Titles of missing materials that a line names before it says how many.
NAMED = 2


@dataclass(frozen=True)
class StatusLine:
    """One line, with the colour of its signal."""

    tone: str
    text: str
    icon: str


def line_of(case: Case, wanted: Sequence[str] = (), *, rated: bool = True) -> StatusLine:
    """Return the line of a case; ``wanted`` are the titles of what must be supplemented."""
    if case.state == State.SUPPLEMENT:
        return StatusLine("amber", _wanted(wanted), "alert-triangle")
    if case.state in _LINES:
        return _LINES[case.state](case)
    return _ended(case, rated)


def _wanted(titles: Sequence[str]) -> str:
    text = ngettext("等您补充 %(count)s 份材料", "等您补充 %(count)s 份材料", len(titles)) % {"count": len(titles)}
    return text + _("：{titles}").format(titles="、".join(titles[:NAMED])) if titles else _("等您补充材料")


def _filed(case: Case) -> StatusLine:
    if late(case):
        return StatusLine("amber", _("已超过答复期限，等待受理"), "clock")
    if case.due_at >= FAR_FUTURE:
        return StatusLine("blue", _("已提交，等待受理"), "clock")
    text = _("已提交，最迟 {day} 告诉您是否受理").format(day=zh_short_date(case.due_at))
    return StatusLine("blue", text, "clock")


def _accepted(case: Case) -> StatusLine:
    if late(case):
        text = _("已超过期限（{day}），可拨打 12345 催办").format(day=zh_short_date(case.due_at))
        return StatusLine("red", text, "alert-octagon")
    if case.due_at >= FAR_FUTURE:
        return StatusLine("green", _("办理中"), "clock")
    return StatusLine("green", _("办理中，最迟 {day} 办结").format(day=zh_short_date(case.due_at)), "clock")


def _suspended(case: Case) -> StatusLine:
    return StatusLine("grey", _("特别程序中，暂停计时，不用您做什么"), "clock-pause")


def _decided(case: Case) -> StatusLine:
    return StatusLine("green", _("已作出决定，正在办结"), "gavel")


_LINES: dict[str, Callable[[Case], StatusLine]] = {
    State.FILED: _filed,
    State.ACCEPTED: _accepted,
    State.SUSPENDED: _suspended,
    State.DECIDED: _decided,
}


def _ended(case: Case, rated: bool) -> StatusLine:
    if case.state == State.WITHDRAWN:
        return StatusLine("grey", _("您已撤回"), "arrow-back-up")
    if case.state == State.NOT_ACCEPTED:
        return StatusLine("red", _("不予受理，请看原因和下一步"), "circle-x")
    if case.result == Result.REFUSED:
        return StatusLine("red", _("已办结：未获准予，请看理由和救济途径"), "circle-x")
    text = _("已办结：准予") if case.result == Result.GRANTED else _("已办结")
    return StatusLine("green", text if rated else text + _("，请您评价"), "circle-check")


def late(case: Case) -> bool:
    """Say whether the clock that governs has run out."""
    return case.due_at < now()
