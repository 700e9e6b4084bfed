"""What a person fills in for an act: fields with labels in words, choices and what stands in them at first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.models import CaseRelation, Task
from shuzheng.engines.casework.queries.act_choices import earlier_steps, extendable, grounds, law_of, supplementable
from shuzheng.engines.casework.queries.act_field import REASON, Field
from shuzheng.engines.casework.queries.case import WholeCase
from shuzheng.engines.casework.queries.teamwork_fields import (
    answer,
    ask_units,
    assign,
    forward,
    send_back,
    supervise,
    transfer,
)


def fields_of(act: str, whole: WholeCase, task: Task | None = None) -> tuple[Field, ...]:
    """Return what a person fills in for an act on a case; an act without a form of its own asks for nothing."""
    build = FIELDS.get(act)
    return build(whole, task) if build else ()


# -- forms of acts -------------------------------------------------------------------------------------------------

OPINION = Field(
    name="opinion", label=_("意见"), required=False, phrases=(_("材料齐全，符合法定形式。"), _("情况属实。"))
)


def _refuse_acceptance(whole: WholeCase, task: Task | None) -> tuple[Field, ...]:
    reasons = (_("申请事项依法不需要取得许可。"), _("申请事项不属于本机关职权范围。"))
    remedies = (_("向有管辖权的机关申请。"), _("对本决定不服的，可以依法申请行政复议或者提起行政诉讼。"))
    told = _("申请人会看到，请写明依据。")
    return (
        Field(name="reason", label=_("不予受理的原因"), phrases=reasons, help=told),
        Field(name="remedy", label=_("申请人可以怎么办"), phrases=remedies),
    )


def _ask_supplement(whole: WholeCase, task: Task | None) -> tuple[Field, ...]:
    once = _("一次列全：以后的补正只能重复这张清单里的内容（行政许可法第三十二条）。")
    phrases = (
        _("缺少这份材料，请补交。"),
        _("图片不清晰，请重新拍照上传。"),
        _("缺少签字或者盖章。"),
        _("已过有效期，请提交有效的。"),
    )
    return (
        Field(
            name="wanted",
            label=_("需要补正的内容"),
            kind="wanted",
            help=once,
            options=supplementable(whole),
            phrases=phrases,
        ),
        Field(name="answer_until", label=_("请申请人在哪天前补正"), kind="date", required=False),
    )


def _suspend(whole: WholeCase, task: Task | None) -> tuple[Field, ...]:
    told = _("申请人会看到：做什么、在哪里、大约多久。")
    return (
        Field(name="ground", label=_("事由和依据"), kind="choice", options=grounds(whole)),
        Field(name="note", label=_("说明"), required=False, help=told),
    )


def _request_extension(whole: WholeCase, task: Task | None) -> tuple[Field, ...]:
    options = extendable(whole)
    first = options[0][0] if options else ""
    return (
        Field(name="clock", label=_("延长哪个时限"), kind="choice", options=options, value=first),
        Field(name="amount", label=_("延长几个工作日"), kind="number", value=10),
        Field(name="reason", label=_("理由"), help=_("批准后会告知申请人（行政许可法第四十二条）。")),
    )


def _decide_extension(whole: WholeCase, task: Task | None) -> tuple[Field, ...]:
    return (
        Field(
            name="approved",
            label=_("是否批准"),
            kind="yesno",
            options=(("true", str(_("批准"))), ("false", str(_("不批准")))),
        ),
        Field(name="opinion", label=_("意见"), required=False),
    )


def _decide(reasons: tuple[Any, ...]) -> Callable[[WholeCase, Task | None], tuple[Field, ...]]:
    def build(whole: WholeCase, task: Task | None) -> tuple[Field, ...]:
        laws = law_of(whole.item)
        own = "；".join(laws) or str(_("事项没有登记依据，请在下面写明。"))
        more = str(_("事项依据自动写入：{laws}")).format(laws=own)
        return (
            Field(name="reasons", label=_("理由"), phrases=reasons, help=_("申请人会在决定书中看到。")),
            Field(name="legal_basis", label=_("另外引用的依据（一行一条）"), kind="lines", required=False, help=more),
            Field(name="effective_on", label=_("生效日期"), kind="date", required=False, help=_("不填为今天。")),
            Field(
                name="expires_on",
                label=_("截止日期"),
                kind="date",
                required=False,
                help=_("不填按事项规定的有效期计算。"),
            ),
        )

    return build


def _correct(whole: WholeCase, task: Task | None) -> tuple[Field, ...]:
    current = next((d for d in reversed(whole.decisions) if d.superseded_at is None), None)
    return (
        Field(name="correction", label=_("哪里写错了，为什么更正"), help=_("原决定保留，标明已更正。")),
        Field(name="reasons", label=_("更正后的理由"), value=current.reasons if current else ""),
        Field(name="effective_on", label=_("生效日期"), kind="date", required=False),
        Field(name="expires_on", label=_("截止日期"), kind="date", required=False),
    )


def _reopen(whole: WholeCase, task: Task | None) -> tuple[Field, ...]:
    chosen = Field(
        name="step", label=_("从哪个环节重新办理"), kind="choice", required=False, options=earlier_steps(whole)
    )
    return (REASON, chosen)


def _link(whole: WholeCase, task: Task | None) -> tuple[Field, ...]:
    kinds = tuple((str(code), str(label)) for code, label in CaseRelation.Kind.choices)
    return (
        Field(name="other_number", label=_("另一办件的编号"), kind="text"),
        Field(name="kind", label=_("它是本办件的"), kind="choice", options=kinds, value="related"),
    )


FIELDS: dict[str, Callable[[WholeCase, Task | None], tuple[Field, ...]]] = {
    "casework.accept_case": lambda whole, task: (OPINION,),
    "casework.refuse_acceptance": _refuse_acceptance,
    "casework.ask_supplement": _ask_supplement,
    "casework.suspend_case": _suspend,
    "casework.resume_case": lambda whole, task: (Field(name="finding", label=_("结果"), required=False),),
    "casework.request_extension": _request_extension,
    "casework.decide_extension": _decide_extension,
    "casework.approve_case": _decide((_("申请材料齐全，符合法定条件。"), _("经现场核查，符合条件。"))),
    "casework.reject_case": _decide((_("不符合法定条件。"), _("经核查，申请内容与事实不符。"))),
    "casework.forward_step": forward,
    "casework.return_step": send_back,
    "casework.assign_task": assign,
    "casework.transfer_case": transfer,
    "casework.consult": ask_units,
    "casework.countersign": ask_units,
    "casework.answer_task": answer,
    "casework.correct_decision": _correct,
    "casework.reopen_case": _reopen,
    "casework.supervise_case": supervise,
    "casework.link_cases": _link,
    "casework.add_note": lambda whole, task: (Field(name="text", label=_("备注（申请人看不到）")),),
}
