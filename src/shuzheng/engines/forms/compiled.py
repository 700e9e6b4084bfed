"""A form ready for use: its elements found, its expressions compiled, its questions in the order they depend on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from uuid import UUID

from shuzheng.engines.forms.language import Expression, Name, compile_expression

if TYPE_CHECKING:
    from shuzheng.engines.forms.definitions import CrossCheck, Form, FormField, Section
    from shuzheng.engines.vocabulary.code_list import Code
    from shuzheng.engines.vocabulary.element import Element


class Wording(NamedTuple):
    """The words of a question."""

    label: str
    help: str


@dataclass(frozen=True, eq=False)
class Question:
    """A field with its element and its compiled expressions."""

    declared: FormField
    element: Element
    #: Code of the repeated section it stands in, or nothing.
    group: str
    #: The section it stands in, as ``Block.owner``.
    owner: str
    when: Expression
    required: Expression
    computed: Expression | None
    #: The codes offered; ``None`` where the element has no code list.
    options: tuple[Code, ...] | None

    @cached_property
    def code(self) -> str:
        """Return the name of the answer."""
        return self.declared.name

    @property
    def node(self) -> str:
        """Return the name that is unique in the form: ``group.code`` or ``code``."""
        return f"{self.group}.{self.code}" if self.group else self.code

    @property
    def label(self) -> str:
        """Return the label for residents."""
        return self.declared.label or self.element.title

    def worded(self, audience: str) -> Wording:
        """Return label and help in the words for an audience; elders get the residents' where none are given."""
        own = self.declared.texts.get(cast(Any, audience))
        label = (own and own.label) or self.declared.label or self.element.title
        return Wording(label, (own and own.help) or self.declared.help)

    @property
    def multiple(self) -> bool:
        """Say whether the answer is a list."""
        return self.declared.multiple or self.element.datatype == "file"

    @property
    def masked(self) -> bool:
        """Say whether pages show the answer masked until asked; of a file they show its name only."""
        return self.element.personal and self.element.datatype != "file"

    @property
    def sealed(self) -> bool:
        """Say whether the answer is sealed where it is stored."""
        return self.element.encrypted

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Return the title of every code offered."""
        return {option.code: option.name for option in self.options or ()}

    def path(self, row: int | None = None) -> str:
        """Return the path of an answer: ``code`` or ``group.row.code``."""
        return self.code if row is None else f"{self.group}.{row}.{self.code}"


@dataclass(frozen=True, eq=False)
class Block:
    """A section with its compiled questions."""

    declared: Section
    when: Expression
    questions: tuple[Question, ...]

    @property
    def code(self) -> str:
        """Return the section's code, which names the list of answers of a repeated section."""
        return self.declared.code

    @property
    def owner(self) -> str:
        """Return the name of the section that no field can have: ``§code``, or the code of a repeated section."""
        return self.code if self.repeated else f"§{self.code}"

    @property
    def repeated(self) -> bool:
        """Say whether the section is filled in once per thing."""
        return self.declared.repeat is not None


@dataclass(frozen=True, eq=False)
class Check:
    """A compiled cross-field check."""

    declared: CrossCheck
    when: Expression
    assertion: Expression


@dataclass(frozen=True, eq=False)
class CompiledForm:
    """A form ready to bind, validate and show."""

    declared: Form
    blocks: tuple[Block, ...]
    checks: tuple[Check, ...]
    #: Blocks and questions, each after everything that its visibility or value depends on.
    order: tuple[Block | Question, ...]
    #: Id and version of the stored definition, when there is one.
    id: UUID | None = None
    version: str = ""
    #: What expressions over the answers may read.
    names: Mapping[str, Name] = field(default_factory=dict)

    def condition(self, source: str) -> Expression:
        """Compile a condition over the answers, e.g. when a material is wanted. Raises language.Problem."""
        return compile_expression(source, self.names, gives="boolean")

    @property
    def key(self) -> str:
        """Return the natural key."""
        return self.declared.code

    @property
    def title(self) -> str:
        """Return the title."""
        return self.declared.title

    def questions(self) -> Iterator[Question]:
        """Yield every question in the order of the page."""
        for block in self.blocks:
            yield from block.questions

    @cached_property
    def by_node(self) -> Mapping[str, Question]:
        """Return the questions by ``code`` or ``group.code``."""
        return {question.node: question for question in self.questions()}

    @cached_property
    def groups(self) -> Mapping[str, Block]:
        """Return the repeated sections by code."""
        return {block.code: block for block in self.blocks if block.repeated}

    def at(self, path: str) -> Question | None:
        """Return the question of a path such as ``name`` or ``staff.0.name``, or ``None``."""
        parts = path.split(".")
        node = f"{parts[0]}.{parts[2]}" if len(parts) == 3 and parts[1].isdigit() else path
        return self.by_node.get(node)

    def block(self, code: str) -> Block | None:
        """Return a section by its code."""
        return next((block for block in self.blocks if block.code == code), None)
