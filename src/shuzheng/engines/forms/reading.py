"""From raw answers, of a page or of a program, to typed ones and a list of what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from shuzheng.engines.forms.answer_path import assign
from shuzheng.engines.forms.compiled import Block, CompiledForm, Question
from shuzheng.engines.forms.context import FormContext
from shuzheng.engines.forms.evaluation import State, evaluate
from shuzheng.engines.forms.values import BadValue, normalise
from shuzheng.kernel.error import TooLarge

#: Most answers in one form, all rows counted.
MOST_ANSWERS = 5000


@dataclass
class Reading:
    """Typed answers, the state they lead to, and problems by path."""

    form: CompiledForm
    context: FormContext
    raw: Mapping[str, Any]
    typed: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    @cached_property
    def state(self) -> State:
        """Return which questions the typed answers lead to."""
        return evaluate(self.form, self.typed, self.context)

    def note(self, path: str, message: str) -> None:
        """Note a problem; the first one at a path stands."""
        self.problems.setdefault(path, message)


def read(form: CompiledForm, raw: Mapping[str, Any], context: FormContext) -> Reading:
    """Type raw answers, fill in what is provided, computed or usual, and note what cannot be typed.

    Nothing that is merely missing is a problem here. Raises TooLarge beyond every bound.
    """
    reading = Reading(form, context, raw)
    for block in form.blocks:
        if block.repeated:
            _read_rows(reading, block)
        else:
            for question in block.questions:
                _read_one(reading, question, raw, None)
    return reading


def _read_rows(reading: Reading, block: Block) -> None:
    rows = reading.raw.get(block.code)
    if rows is None or rows == "":
        return
    repeat = block.declared.repeat
    assert repeat is not None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        reading.note(block.code, _("这里应当是一个列表，每一项填写一组内容。"))
        return
    if len(rows) * len(block.questions) > MOST_ANSWERS:
        raise TooLarge
    reading.typed[block.code] = [{} for _row in rows]
    for index, row in enumerate(rows):
        for question in block.questions:
            _read_one(reading, question, row, index)


def _read_one(reading: Reading, question: Question, source: Mapping[str, Any], row: int | None) -> None:
    path = question.path(row)
    try:
        value = normalise(question, _entered(reading, question, source, path))
    except BadValue as problem:
        reading.note(path, str(problem))
        return
    if value is not None:
        assign(reading.typed, path, value)


def _entered(reading: Reading, question: Question, source: Mapping[str, Any], path: str) -> Any:
    """Return what was entered; where nothing was said at all, what is provided or usual."""
    if question.computed is not None:
        return None
    if question.code in source:
        return source[question.code]
    return reading.context.prefill.values.get(path, question.declared.default)


def strangers(form: CompiledForm, raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield the paths of answers to questions that the form does not have."""
    plain = {question.code for question in form.questions() if not question.group}
    for code, value in raw.items():
        block = form.groups.get(code)
        if block is None and code not in plain:
            yield code
        elif block is not None and isinstance(value, list):
            known = {question.code for question in block.questions}
            for index, row in enumerate(value):
                if isinstance(row, dict):
                    yield from (f"{code}.{index}.{name}" for name in row if name not in known)
