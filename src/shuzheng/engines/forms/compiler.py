"""From a declared form to a compiled one, finding on the way everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from shuzheng.engines.forms.compiled import Block, Check, CompiledForm, Question
from shuzheng.engines.forms.elements import Published, Vocabulary, name_of
from shuzheng.engines.forms.language import Expression, Name, Problem, Type, compile_expression
from shuzheng.engines.forms.language.names import nearest

if TYPE_CHECKING:
    from shuzheng.engines.forms.definitions import Form, FormField, Section
    from shuzheng.engines.vocabulary.code_list import Code
    from shuzheng.kernel.definition import Stored

#: What expressions may read besides answers.
CONTEXT: Mapping[str, Name] = {
    "party": Name("record", members={"kind": Name("text", frozenset({"person", "legal"})), "division": Name("text")}),
    "channel": Name("text", frozenset({"web", "window", "app", "api", "cli", "system"})),
}
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    """Something wrong with a form: where in its declaration, what, and what to write instead."""

    path: Path
    message: str
    suggestion: str = ""


class FormInvalid(Exception):
    """A stored form no longer fits its vocabulary; packs are checked so that this cannot happen."""


@dataclass
class _Place:
    """A field that has an element, and where it stands."""

    path: Path
    declared: FormField
    section: Section
    element: Any
    options: tuple[Code, ...] | None

    @property
    def group(self) -> str:
        return self.section.code if self.section.repeat else ""


@dataclass
class Compilation:
    """The compiled form, as far as it could be compiled, and what was found."""

    form: CompiledForm | None = None
    findings: list[Finding] = field(default_factory=list)

    def add(self, path: Path, message: str, suggestion: str = "") -> None:
        """Note something wrong."""
        self.findings.append(Finding(path, message, suggestion))


def compile_form(
    declared: Form, vocabulary: Vocabulary | None = None, stored: Stored[Form] | None = None
) -> Compilation:
    """Compile a form; the result holds no form if anything was found."""
    return _FormCompiler(declared, vocabulary or Published()).compile(stored)


def form_of(stored: Stored[Form]) -> CompiledForm:
    """Return a stored form, compiled; recompiled only when one of its elements has changed. Raises FormInvalid."""
    vocabulary = Published()
    elements = tuple(vocabulary.element(f.element) for s in stored.body.sections for f in s.fields)
    return _compiled(_Identity(stored.id, stored), _Identity(tuple(map(id, elements)), elements))


class _Identity:
    """Hashes as its key while keeping the objects alive, so that an id is never reused."""

    def __init__(self, key: Any, held: Any) -> None:
        self.key, self.held = key, held

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and self.key == other.key


@lru_cache(maxsize=2000)
def _compiled(stored: _Identity, _elements: _Identity) -> CompiledForm:
    compilation = compile_form(stored.held.body, stored=stored.held)
    if compilation.form is None:
        raise FormInvalid("; ".join(f"{f.path}: {f.message}" for f in compilation.findings))
    return compilation.form


class _FormCompiler:
    """Compiles one form."""

    def __init__(self, declared: Form, vocabulary: Vocabulary) -> None:
        self.declared = declared
        self.vocabulary = vocabulary
        self.result = Compilation()
        self.names: dict[str, Name] = {}

    def compile(self, stored: Stored[Form] | None) -> Compilation:
        places = [place for place in self._places() if place is not None]
        self._name(places)
        if self.result.findings:
            return self.result
        blocks = tuple(self._block(i, section, places) for i, section in enumerate(self.declared.sections))
        checks = tuple(self._checks())
        order = self._order(blocks)
        if not self.result.findings:
            id, version = (stored.id, stored.version) if stored else (None, "")
            self.result.form = CompiledForm(
                self.declared, blocks, checks, order, id, version, {**CONTEXT, **self.names}
            )
        return self.result

    # -- elements and names --------------------------------------------------------------------------------

    def _places(self) -> Iterator[_Place | None]:
        for i, section in enumerate(self.declared.sections):
            for j, declared in enumerate(section.fields):
                yield self._place(("sections", i, "fields", j), section, declared)

    def _place(self, path: Path, section: Section, declared: FormField) -> _Place | None:
        element = self.vocabulary.element(declared.element)
        if element is None:
            known = self.vocabulary.keys("element")
            self.result.add((*path, "element"), f"没有数据元“{declared.element}”。", nearest(declared.element, known))
            return None
        options = self._options(path, declared, element.code_list or "")
        if declared.multiple and options is None and element.datatype != "file":
            self.result.add((*path, "multiple"), "只有代码类数据元可以多选。")
        return _Place(path, declared, section, element, options)

    def _options(self, path: Path, declared: FormField, code_list: str) -> tuple[Code, ...] | None:
        options = self.vocabulary.options(code_list) if code_list else None
        if code_list and options is None:
            self.result.add((*path, "element"), f"数据元“{declared.element}”的代码表“{code_list}”不存在。")
        if not declared.options or options is None:
            if declared.options:
                self.result.add((*path, "options"), f"数据元“{declared.element}”没有代码表，不能限定选项。")
            return options
        known = {option.code: option for option in options}
        for k, code in enumerate(declared.options):
            if code not in known:
                self.result.add((*path, "options", k), f"代码“{code}”不在代码表“{code_list}”里。", nearest(code, known))
        return tuple(known[code] for code in declared.options if code in known)

    def _name(self, places: list[_Place]) -> None:
        """Give every field and group its name. A name is used once in a form, so that no expression is ambiguous."""
        taken = set(CONTEXT)
        members: dict[str, dict[str, Name]] = {}
        for i, section in enumerate(self.declared.sections):
            if section.code in taken or any(section.code == s.code for s in self.declared.sections[:i]):
                self.result.add(("sections", i, "code"), f"编码“{section.code}”用了两次。", f"{section.code}_2")
            if section.repeat:
                taken.add(section.code)
        for place in places:
            code = place.declared.name
            if code in taken:
                self.result.add((*place.path, "code"), f"字段编码“{code}”用了两次。", f"{code}_2")
            taken.add(code)
            scope = members.setdefault(place.group, {}) if place.group else self.names
            scope[code] = name_of(place.element, place.options, place.declared.multiple)
        for group, fields in members.items():
            self.names[group] = Name("rows", members=fields)

    # -- expressions ---------------------------------------------------------------------------------------

    def _expression(self, source: str | bool, group: str, path: Path, gives: Type | None = "boolean") -> Expression:
        names = {**CONTEXT, **self.names}
        if group:
            names.update(self.names[group].members)
        try:
            return compile_expression(source, names, gives=gives)
        except Problem as problem:
            self.result.add(path, problem.message, problem.suggestion)
            return compile_expression(True, {})

    def _block(self, index: int, section: Section, places: list[_Place]) -> Block:
        path: Path = ("sections", index)
        own = [place for place in places if place.section is section]
        when = self._expression(section.when, "", (*path, "when"))
        return Block(section, when, tuple(self._question(place) for place in own))

    def _question(self, place: _Place) -> Question:
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
                self.result.add(("checks", i, "field"), f"没有叫 {check.field} 的字段。", nearest(check.field, nodes))
            group = check.field.split(".")[0] if "." in check.field and check.field in nodes else ""
            when = self._expression(check.when, group, ("checks", i, "when"))
            yield Check(check, when, self._expression(check.assertion, group, ("checks", i, "assert")))

    # -- order ---------------------------------------------------------------------------------------------

    def _order(self, blocks: tuple[Block, ...]) -> tuple[Block | Question, ...]:
        parts: dict[str, Block | Question] = {}
        graph: dict[str, set[str]] = {}
        for block in blocks:
            owner = block.owner
            parts[owner], graph[owner] = block, set(block.when.reads)
            local = {question.code: question.node for question in block.questions}
            for question in block.questions:
                reads = question.when.reads | (question.computed.reads if question.computed else frozenset())
                graph[question.node] = {owner, *(local.get(read, read) for read in reads)}
                parts[question.node] = question
        try:
            return tuple(parts[node] for node in TopologicalSorter(graph).static_order() if node in parts)
        except CycleError as cycle:
            self._report_cycle(cycle.args[1])
            return ()

    def _report_cycle(self, cycle: list[str]) -> None:
        names = [node.removeprefix("§") for node in reversed(cycle)]
        path = next((path for node in cycle if (path := self._path_of(node))), ("sections",))
        self.result.add(path, f"条件或计算循环依赖：{' → '.join(names)}。", "请去掉其中一个 when 或 computed 里的引用")

    def _path_of(self, node: str) -> Path | None:
        for i, section in enumerate(self.declared.sections):
            for j, declared in enumerate(section.fields):
                own = f"{section.code}.{declared.name}" if section.repeat else declared.name
                if own == node:
                    return ("sections", i, "fields", j, "computed" if declared.computed else "when")
        return None
