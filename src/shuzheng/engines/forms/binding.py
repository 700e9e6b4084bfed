"""Binding a form to answers, for a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shuzheng.engines.forms.answer_path import lookup
from shuzheng.engines.forms.bound import BoundForm, BoundRow, BoundSection
from shuzheng.engines.forms.bound_answer import Binding
from shuzheng.engines.forms.bound_field import BoundField
from shuzheng.engines.forms.compiled import Block, CompiledForm, Question
from shuzheng.engines.forms.context import FormContext
from shuzheng.engines.forms.reading import read
from shuzheng.kernel.error import FieldProblem, InvalidInput


def bind(
    form: CompiledForm,
    values: Mapping[str, Any],
    context: FormContext | None = None,
    *,
    errors: InvalidInput | Iterable[FieldProblem] = (),
    held: Mapping[str, Any] | None = None,
    reasons: Mapping[str, str] | None = None,
    render_url: str = "",
) -> BoundForm:
    """Bind a form to raw or typed answers. Questions that are not asked do not appear.

    ``held`` are the typed answers that the server keeps (prefill is added by itself); personal ones among them are shown
    masked and not sent back. ``errors`` are what ``validate`` raised.
    """
    context = context or FormContext()
    values = _with_least_rows(form, values)
    reading = read(form, values, context)
    problems = errors.errors if isinstance(errors, InvalidInput) else tuple(errors)
    messages = {problem.path: str(problem.message) for problem in reversed(problems)}
    kept = {**context.prefill.values, **(held or {})}
    binding = Binding(reading, values, kept, messages, reasons or {}, _live(form))
    sections = tuple(_section(block, binding) for block in form.blocks if reading.state.shows_block(block))
    summary = tuple((_anchor(sections, problem.path), str(problem.message)) for problem in problems)
    return BoundForm(form, sections, summary, render_url)


def _with_least_rows(form: CompiledForm, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with as many blank rows as a repeated section must have."""
    padded = dict(values)
    for code, block in form.groups.items():
        rows, least = padded.get(code) or [], block.declared.repeat.min if block.declared.repeat else 0
        if isinstance(rows, list) and len(rows) < least:
            padded[code] = [*rows, *({} for _row in range(least - len(rows)))]
    return padded


def _section(block: Block, binding: Binding) -> BoundSection:
    if not block.repeated:
        return BoundSection(block, _fields(block, None, binding))
    repeat, state = block.declared.repeat, binding.reading.state
    assert repeat is not None
    count = state.rows(block.code)
    rows = tuple(
        BoundRow(
            f"{repeat.item_title} {row + 1}", f"{block.code}.{row}", _fields(block, row, binding), count > repeat.min
        )
        for row in range(count)
    )
    return BoundSection(block, rows=rows, error=binding.errors.get(block.code, ""))


def _fields(block: Block, row: int | None, binding: Binding) -> tuple[BoundField, ...]:
    state = binding.reading.state
    return tuple(BoundField(question, row, binding) for question in block.questions if state.shows(question, row))


def _anchor(sections: tuple[BoundSection, ...], path: str) -> str:
    for section in sections:
        if path == section.code:
            return section.id
        if any(field.path == path for field in section.all_fields()):
            return "f-" + path.replace(".", "-")
    return sections[0].id if sections else ""


def _live(form: CompiledForm) -> frozenset[str]:
    """Return the questions on whose answers other questions depend."""
    reads: set[str] = set()
    for part in form.order:
        own = set(part.when.reads)
        if isinstance(part, Question):
            own |= part.required.reads | (part.computed.reads if part.computed else frozenset())
            own |= {f"{part.group}.{read}" for read in own} if part.group else set()
        reads |= own
    return frozenset(reads & form.by_node.keys())


def progress(form: CompiledForm, values: Mapping[str, Any], context: FormContext | None = None) -> int:
    """Return how many per cent of the answers that are required have been given, 0 to 100."""
    state = read(form, values, context or FormContext()).state
    asked = answered = 0
    for question in form.questions():
        for row, path in state.places(question):
            if question.computed is None and state.shows(question, row) and state.requires(question, row):
                asked += 1
                answered += lookup(state.values, path) is not None
    return 100 if not asked else answered * 100 // asked
