"""The one validation of answers, for pages and programs alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shuzheng.engines.forms.answer_path import lookup
from shuzheng.engines.forms.answers import Answers, Correction
from shuzheng.engines.forms.compiled import Block, CompiledForm, Question
from shuzheng.engines.forms.context import FormContext
from shuzheng.engines.forms.files import check_files
from shuzheng.engines.forms.reading import Reading, read, strangers
from shuzheng.engines.forms.values import BadValue, check_text, is_blank
from shuzheng.kernel.error import FieldProblem, InvalidInput

#: Most characters of a reason for a correction.
LONGEST_REASON = 200
#: Datatypes that are chosen rather than typed.
_CHOSEN = frozenset({"code", "boolean", "division", "date", "datetime"})


def validate(
    form: CompiledForm,
    raw: Mapping[str, Any],
    context: FormContext | None = None,
    *,
    reasons: Mapping[str, str] | None = None,
) -> Answers:
    """Return the answers in normal form; ``reasons`` say, by path, why a provided answer was changed.

    Raises InvalidInput with every problem, in the order of the page, at the paths of the fields; TooLarge.
    """
    context = context or FormContext()
    reading = read(form, raw, context)
    for path in strangers(form, raw):
        reading.note(path, _("表单里没有这一项，请删去。"))
    _check_rows(reading)
    _check_presence(reading)
    corrections = tuple(_corrections(reading, reasons or {}))
    files = check_files(reading)
    _check_across(reading)
    problems = _in_page_order(reading)
    if problems:
        raise InvalidInput(*problems)
    return Answers(
        form_key=form.key,
        form_id=form.id,
        values=reading.state.values,
        corrections=corrections,
        provenance=_provenance(reading, {correction.path for correction in corrections}),
        files=tuple(UUID(file) for file in files),
    )


def _check_rows(reading: Reading) -> None:
    for code, block in reading.form.groups.items():
        repeat, count = block.declared.repeat, reading.state.rows(code)
        assert repeat is not None
        if not reading.state.shows_block(block):
            continue
        if count < repeat.min:
            message = _("至少要填写 {count} 项{item}，请点“添加”补充。")
            reading.note(code, message.format(count=repeat.min, item=repeat.item_title))
        elif count > repeat.max:
            message = _("最多填写 {count} 项{item}，请删去多余的。")
            reading.note(code, message.format(count=repeat.max, item=repeat.item_title))


def _check_presence(reading: Reading) -> None:
    state = reading.state
    for question in reading.form.questions():
        for row, path in state.places(question):
            blank = lookup(state.values, path) is None
            if blank and state.shows(question, row) and question.computed is None and state.requires(question, row):
                reading.note(path, _missing(question, reading.context))


def _missing(question: Question, context: FormContext) -> str:
    label = question.worded(context.audience).label
    if question.declared.widget == "confirm":
        return _("请阅读并勾选“{label}”。").format(label=label)
    if question.element.datatype == "file":
        return _("请上传{label}。").format(label=label)
    if question.element.datatype == "geo_point":
        return _("请标出{label}，或填写经纬度。").format(label=label)
    chosen = question.element.datatype in _CHOSEN
    return (_("请选择{label}。") if chosen else _("请填写{label}。")).format(label=label)


def _corrections(reading: Reading, reasons: Mapping[str, str]) -> Iterator[Correction]:
    """Yield the provided answers that were changed; note those that may not be, or lack a reason."""
    prefill = reading.context.prefill
    for path, provided in prefill.values.items():
        question = reading.form.at(path)
        if question is None or path in reading.problems or not _changed(reading, question, path, provided):
            continue
        reason = reasons.get(path, "").strip()
        if question.declared.readonly:
            reading.note(path, _("这一项由政府提供，不能在这里修改。如有错误，请向提供部门申请更正。"))
        elif not reason:
            reading.note(path, _("您修改了政府提供的信息，请说明更正原因。"))
        elif _good_reason(reading, path, reason):
            yield Correction(path, prefill.provenance.get(path, ""), reason)


def _changed(reading: Reading, question: Question, path: str, provided: Any) -> bool:
    if path in reading.state.hidden or is_blank(provided):
        return False
    return lookup(reading.state.values, path) != provided


def _good_reason(reading: Reading, path: str, reason: str) -> bool:
    try:
        check_text(reason)
    except BadValue as problem:
        reading.note(path, str(problem))
        return False
    if len(reason) > LONGEST_REASON:
        reading.note(path, _("更正原因最多 {most} 个字，请删减。").format(most=LONGEST_REASON))
        return False
    return True


def _check_across(reading: Reading) -> None:
    for check, path in reading.state.failures():
        reading.note(path, check.declared.message)


def _provenance(reading: Reading, corrected: set[str]) -> dict[str, str]:
    return {
        path: provider
        for path, provider in reading.context.prefill.provenance.items()
        if path not in corrected and lookup(reading.state.values, path) is not None
    }


def _in_page_order(reading: Reading) -> list[FieldProblem]:
    """Return the problems of what is asked, in the order of the page; unknown fields come last."""
    state = reading.state
    ordered: list[FieldProblem] = []
    for block in reading.form.blocks:
        asked = [path for path in _paths(reading, block) if path not in state.hidden and state.shows_block(block)]
        ordered += [FieldProblem(path, reading.problems[path]) for path in asked if path in reading.problems]
    known = {path for block in reading.form.blocks for path in _paths(reading, block)}
    return ordered + [FieldProblem(path, text) for path, text in reading.problems.items() if path not in known]


def _paths(reading: Reading, block: Block) -> Iterator[str]:
    if not block.repeated:
        yield from (question.path() for question in block.questions)
        return
    yield block.code
    rows = reading.typed.get(block.code) or ()
    yield from (question.path(row) for row in range(len(rows)) for question in block.questions)
