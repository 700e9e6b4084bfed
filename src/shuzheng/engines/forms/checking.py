"""What ``shuzheng pack check`` says about a form: one problem per mistake, with line and suggestion."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

from shuzheng.engines.forms.compiled import Block, CompiledForm, Question
from shuzheng.engines.forms.compiler import compile_form
from shuzheng.engines.forms.elements import AtHand
from shuzheng.engines.forms.findings import Finding, Path
from shuzheng.engines.forms.language import Expression
from shuzheng.engines.forms.language.names import nearest
from shuzheng.engines.forms.sources import source_names
from shuzheng.engines.forms.values import BadValue, normalise
from shuzheng.kernel.declaration import Declared, Workspace
from shuzheng.kernel.moment import today
from shuzheng.kernel.source import Problem

if TYPE_CHECKING:
    from shuzheng.engines.forms.definitions import Form

#: Combinations of answers tried to find out whether a condition can ever hold.
COMBINATIONS = 5000


def check_form(declared: Declared[Form], workspace: Workspace) -> Iterator[Problem]:
    """Yield what is wrong with a form beyond its shape."""
    assert declared.model is not None
    compilation = compile_form(declared.model, AtHand(workspace))
    findings = list(compilation.findings)
    if compilation.form is not None:
        findings += [*_check_questions(compilation.form), *_check_reachable(compilation.form)]
    for finding in findings:
        suggestion = f"您要写的是“{finding.suggestion}”吗？" if finding.suggestion else ""
        yield declared.problem(finding.message, *finding.path, suggestion=suggestion)


def _check_questions(form: CompiledForm) -> Iterator[Finding]:
    for i, block in enumerate(form.blocks):
        for j, question in enumerate(block.questions):
            yield from _check_question(question, ("sections", i, "fields", j))


def _check_question(question: Question, path: Path) -> Iterator[Finding]:
    declared = question.declared
    if declared.prefill and declared.prefill not in source_names():
        known = nearest(declared.prefill, source_names())
        yield Finding((*path, "prefill"), f"没有叫“{declared.prefill}”的预填来源。", known)
    if declared.prefill and question.group:
        yield Finding((*path, "prefill"), "重复组里的字段不能预填。")
    if declared.readonly and not (declared.prefill or declared.computed or declared.default is not None):
        yield Finding((*path, "readonly"), "只读字段要有预填来源、计算公式或默认值，否则永远填不上。")
    if declared.default is not None:
        try:
            normalise(question, declared.default)
        except BadValue as problem:
            yield Finding((*path, "default"), f"默认值不合要求：{problem}")


def _check_reachable(form: CompiledForm) -> Iterator[Finding]:
    for i, block in enumerate(form.blocks):
        if _never(form, [block.when]):
            yield Finding(("sections", i, "when"), f"“{block.declared.title}”的条件永远不成立，这一部分不会出现。")
            continue
        for j, question in enumerate(block.questions):
            if _never(form, [block.when, question.when], block):
                message = f"“{question.label}”的条件永远不成立，这个字段不会出现。"
                yield Finding(("sections", i, "fields", j, "when"), message)


def _never(form: CompiledForm, conditions: list[Expression], block: Block | None = None) -> bool:
    """Say whether no combination of answers makes all conditions true; unsure counts as no."""
    reads = sorted(set().union(*(condition.reads for condition in conditions)))
    domains = [_domain(form, read, block) for read in reads]
    size = 1
    for domain in domains:
        size *= len(domain)
    if not all(domains) or size > COMBINATIONS:
        return False
    day = today()
    combinations = (dict(zip(reads, values, strict=True)) for values in product(*domains))
    return not any(all(c.holds(values, day) for c in conditions) for values in combinations)


def _domain(form: CompiledForm, read: str, block: Block | None) -> list[Any]:
    """Return the values that a name can have, or nothing where they cannot be listed."""
    local = f"{block.code}.{read}" if block and block.repeated else read
    question = form.by_node.get(local) or form.by_node.get(read)
    if question is None or question.multiple or question.computed is not None:
        return []
    if question.element.datatype == "boolean":
        return [None, True, False]
    return [None, *question.titles] if question.options is not None else []
