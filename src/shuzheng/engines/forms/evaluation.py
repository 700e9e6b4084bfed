"""Which questions are asked, which must be answered, and what follows from the answers."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from shuzheng.engines.forms.compiled import Block, Check, CompiledForm, Question
from shuzheng.engines.forms.context import FormContext
from shuzheng.engines.forms.values import fit


@dataclass
class State:
    """Typed answers to the questions that are asked, and the questions that are not."""

    form: CompiledForm
    context: FormContext
    #: Answers; repeated sections hold lists of rows.
    values: dict[str, Any] = field(default_factory=dict)
    #: Paths of questions, and codes of repeated sections, that are not asked; ``§code`` for plain sections.
    hidden: set[str] = field(default_factory=set)

    @cached_property
    def _names(self) -> dict[str, Any]:
        return self.context.names

    def scope(self, group: str, row: int | None) -> Mapping[str, Any]:
        """Return what an expression of a question sees: its row, then the form, then the context."""
        outer = ChainMap(self.values, self._names)
        return outer if row is None else outer.new_child(self.values[group][row])

    def rows(self, group: str) -> int:
        """Return how many rows a repeated section has."""
        return len(self.values.get(group) or ())

    def places(self, question: Question) -> Iterator[tuple[int | None, str]]:
        """Yield row and path of every place where a question stands."""
        if not question.group:
            yield None, question.path()
            return
        for row in range(self.rows(question.group)):
            yield row, question.path(row)

    def shows(self, question: Question, row: int | None) -> bool:
        """Say whether a question is asked."""
        return question.path(row) not in self.hidden

    def shows_block(self, block: Block) -> bool:
        """Say whether a section is shown."""
        return block.owner not in self.hidden

    def requires(self, question: Question, row: int | None) -> bool:
        """Say whether a question must be answered."""
        return question.required.holds(self.scope(question.group, row), self.context.today)

    def failures(self) -> Iterator[tuple[Check, str]]:
        """Yield the cross-field checks that fail, with the path where the message stands."""
        for check in self.form.checks:
            question = self.form.at(check.declared.field)
            places = self.places(question) if question else iter([(None, check.declared.field)])
            for row, path in places:
                scope = self.scope(question.group if question else "", row)
                asked = path not in self.hidden and check.when.holds(scope, self.context.today)
                if asked and check.assertion.fails(scope, self.context.today):
                    yield check, path


def evaluate(form: CompiledForm, values: Mapping[str, Any], context: FormContext) -> State:
    """Return the state that typed answers lead to: hidden answers dropped, computed ones filled in. Never raises."""
    state = State(form, context)
    for part in form.order:
        if isinstance(part, Block):
            _enter_block(state, part, values)
        else:
            _enter_question(state, part, values)
    return state


def _enter_block(state: State, block: Block, values: Mapping[str, Any]) -> None:
    if not block.when.holds(state.scope("", None), state.context.today):
        state.hidden.add(block.owner)
    elif block.repeated:
        state.values[block.code] = [{} for _row in values.get(block.code) or ()]


def _enter_question(state: State, question: Question, values: Mapping[str, Any]) -> None:
    if question.owner in state.hidden:
        state.hidden.add(question.node)
        return
    for row, path in state.places(question):
        scope = state.scope(question.group, row)
        if not question.when.holds(scope, state.context.today):
            state.hidden.add(path)
            continue
        source = values if row is None else values[question.group][row]
        value = source.get(question.code)
        if question.computed is not None:
            value = fit(question, question.computed.value(scope, state.context.today))
        if value is not None:
            target = state.values if row is None else state.values[question.group][row]
            target[question.code] = value
