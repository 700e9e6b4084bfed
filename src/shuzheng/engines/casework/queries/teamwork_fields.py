"""What a person fills in for acts that pass work on: to the next step, to a colleague, to other units."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.models import Task
from shuzheng.engines.casework.queries.act_choices import earlier_steps
from shuzheng.engines.casework.queries.act_field import DAYS, REASON, Field
from shuzheng.engines.casework.queries.case import WholeCase
from shuzheng.engines.identity.queries import officers_on


def forward(whole: WholeCase, task: Task | None) -> tuple[Field, ...]:
    """Ask for the opinion that goes with a case to its next step."""
    phrases = (_("经审查，符合条件，建议准予。"), _("经审查，不符合条件，建议不予。"), _("情况属实。"))
    return (Field(name="opinion", label=_("审查意见"), phrases=phrases),)


def send_back(whole: WholeCase, task: Task | None) -> tuple[Field, ...]:
    """Ask to which earlier step, and why."""
    return (Field(name="step", label=_("退回到"), kind="choice", options=earlier_steps(whole)), REASON)


def assign(whole: WholeCase, task: Task | None) -> tuple[Field, ...]:
    """Ask which colleague shall do a task."""
    officers = officers_on(task.unit_id, task.post) if task else ()
    options = tuple((str(o.pk), f"{o.person.name} · {o.number}") for o in officers)
    return (
        Field(name="officer_id", label=_("指派给"), kind="choice", options=options),
        Field(name="note", label=_("嘱咐"), required=False),
    )


def transfer(whole: WholeCase, task: Task | None) -> tuple[Field, ...]:
    """Ask which unit shall have the case, and why."""
    return (Field(name="unit_id", label=_("转给哪个单位"), kind="unit"), REASON)


def ask_units(whole: WholeCase, task: Task | None) -> tuple[Field, ...]:
    """Ask which units are consulted on what, by when."""
    return (
        Field(name="unit_ids", label=_("征求哪些单位的意见"), kind="units"),
        Field(name="question", label=_("请对方答复什么")),
        DAYS,
    )


def answer(whole: WholeCase, task: Task | None) -> tuple[Field, ...]:
    """Ask what a consulted unit says."""
    options = (("agree", str(_("同意"))), ("disagree", str(_("不同意"))), ("none", str(_("没有意见"))))
    asked = task.request.get("question", "") if task else ""
    return (
        Field(name="answer", label=_("结论"), kind="yesno", options=options, value="agree", help=asked),
        Field(name="opinion", label=_("意见"), phrases=(_("无不同意见。"), _("已核实，情况属实。"), _("已督促办理。"))),
    )


def supervise(whole: WholeCase, task: Task | None) -> tuple[Field, ...]:
    """Ask what is demanded of those who are late, by when."""
    phrases = (_("请说明超期原因，尽快办结。"), _("请今天内联系申请人并反馈进展。"))
    return (Field(name="demand", label=_("督办要求"), phrases=phrases), DAYS)
