"""From a declared form to a compiled one, finding on the way everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from graphlib import CycleError
from typing import TYPE_CHECKING

from shuzheng.engines.forms.compiled import Block, Check, CompiledForm, Question
from shuzheng.engines.forms.elements import Published, Vocabulary, name_of
from shuzheng.engines.forms.findings import Findings, Path
from shuzheng.engines.forms.language import Expression, Name, Problem, Type, compile_expression
from shuzheng.engines.forms.language.names import nearest
from shuzheng.engines.forms.naming import CONTEXT, Place, Placing, name_fields
from shuzheng.engines.forms.ordering import dependency_order

if TYPE_CHECKING:
    from shuzheng.engines.forms.definitions import Form, Section
    from shuzheng.kernel.definition import Stored


@dataclass
class Compilation:
    """The compiled form, as far as it could be compiled, and what was found."""

    form: CompiledForm | None = None
    findings: Findings = field(default_factory=Findings)


def compile_form(
    declared: Form, vocabulary: Vocabulary | None = None, stored: Stored[Form] | None = None
) -> Compilation:
    """Compile a form; the result holds no form if anything was found."""
    return _FormCompiler(declared, vocabulary or Published()).compile(stored)


class _FormCompiler:
    """Compiles one form."""

    def __init__(self, declared: Form, vocabulary: Vocabulary) -> None:
        self.declared = declared
        self.vocabulary = vocabulary
        self.result = Compilation()
        self.found = self.result.findings
        self.names: dict[str, Name] = {}

    def compile(self, stored: Stored[Form] | None) -> Compilation:
        places = list(Placing(self.declared, self.vocabulary, self.found).place_fields())
        self.names = name_fields(self.declared, places, self.found)
        if self.found:
            return self.result
        blocks = tuple(self._block(i, section, places) for i, section in enumerate(self.declared.sections))
        checks = tuple(self._checks())
        order = self._order(blocks)
        if not self.found:
            id, version = (stored.id, stored.version) if stored else (None, "")
            self.result.form = CompiledForm(
                self.declared, blocks, checks, order, id, version, {**CONTEXT, **self.names}
            )
        return self.result

    # -- expressions ---------------------------------------------------------------------------------------

    def _expression(self, source: str | bool, group: str, path: Path, gives: Type | None = "boolean") -> Expression:
        names = {**CONTEXT, **self.names}
        if group:
            names.update(self.names[group].members)
        try:
            return compile_expression(source, names, gives=gives)
        except Problem as problem:
            self.found.add(path, problem.message, problem.suggestion)
            return compile_expression(True, {})

    def _block(self, index: int, section: Section, places: list[Place]) -> Block:
        path: Path = ("sections", index)
        own = [place for place in places if place.section is section]
        when = self._expression(section.when, "", (*path, "when"))
        return Block(section, when, tuple(self._question(place) for place in own))

    def _question(self, place: Place) -> Question:
        declared, path, group = place.declared, place.path, place.group
        computed = None
        if declared.computed:
            wanted = name_of(place.element, place.options, declared.multiple).type
            computed = self._expression(declared.computed, group, (*path, "computed"), wanted)
        return Question(
            declared,
            place.element,
            group,
            group or f"§{place.section.code}",
            self._expression(declared.when, group, (*path, "when")),
            self._expression(declared.required, group, (*path, "required")),
            computed,
            place.options,
        )

    def _checks(self) -> Iterator[Check]:
        nodes = {
            *self.names,
            *(f"{g}.{m}" for g, name in self.names.items() if name.type == "rows" for m in name.members),
        }
        for i, check in enumerate(self.declared.checks):
            if check.field not in nodes:
                self.found.add(("checks", i, "field"), f"没有叫 {check.field} 的字段。", nearest(check.field, nodes))
            group = check.field.split(".")[0] if "." in check.field and check.field in nodes else ""
            when = self._expression(check.when, group, ("checks", i, "when"))
            yield Check(check, when, self._expression(check.assertion, group, ("checks", i, "assert")))

    # -- order ---------------------------------------------------------------------------------------------

    def _order(self, blocks: tuple[Block, ...]) -> tuple[Block | Question, ...]:
        try:
            return dependency_order(blocks)
        except CycleError as cycle:
            self._report_cycle(cycle.args[1])
            return ()

    def _report_cycle(self, cycle: list[str]) -> None:
        names = [node.removeprefix("§") for node in reversed(cycle)]
        path = next((path for node in cycle if (path := self._path_of(node))), ("sections",))
        self.found.add(path, f"条件或计算循环依赖：{' → '.join(names)}。", "请去掉其中一个 when 或 computed 里的引用")

    def _path_of(self, node: str) -> Path | None:
        for i, section in enumerate(self.declared.sections):
            for j, declared in enumerate(section.fields):
                own = f"{section.code}.{declared.name}" if section.repeat else declared.name
                if own == node:
                    return ("sections", i, "fields", j, "computed" if declared.computed else "when")
        return None
