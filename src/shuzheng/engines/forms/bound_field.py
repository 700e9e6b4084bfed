"""One question on a page, with its answer, its words and its control."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shuzheng.engines.forms import widgets
from shuzheng.engines.forms.answer_path import lookup
from shuzheng.engines.forms.bound_answer import BoundAnswer
from shuzheng.engines.forms.files import visible_files


@dataclass(frozen=True)
class BoundField(BoundAnswer):
    """The answer to one question, with the control in which it is given."""

    @property
    def optional(self) -> bool:
        """Say whether the person is asked, but need not answer."""
        return not self.required and self.widget not in ("kept", "output")

    @cached_property
    def widget(self) -> str:
        """Return the name of the template under ``forms/widgets/``."""
        if self.token:
            return "kept"
        if self.question.computed is not None or self.question.declared.readonly:
            return "output"
        return widgets.widget_of(self.question)

    @property
    def template(self) -> str:
        """Return the template of the control."""
        return f"forms/widgets/{self.widget}.html"

    @property
    def many_files(self) -> bool:
        """Say whether more than one file may be handed in."""
        return self.question.declared.file.max_count > 1

    @property
    def grouped(self) -> bool:
        """Say whether the control consists of several inputs under one legend."""
        return widgets.grouped(self.widget)

    @cached_property
    def raw(self) -> Any:
        """Return the answer in normal form, or as it was entered if it has none; nothing if masked but being changed."""
        if self.opened and self.question.masked and self.typed == lookup(self.binding.held, self.path):
            return None
        return lookup(self.binding.values, self.path) if self.typed is None else self.typed

    @property
    def value(self) -> str:
        """Return the text of the input."""
        return widgets.written(self.question, self.raw)

    @cached_property
    def chosen(self) -> list[str]:
        """Return the codes or file ids chosen."""
        values = self.raw if isinstance(self.raw, list) else [self.raw]
        written = [widgets.written(self.question, value) for value in values]
        yes_no = {"true": "1", "false": "0"} if self.question.element.datatype == "boolean" else {}
        return [yes_no.get(code.lower(), code) for code in written if code]

    @cached_property
    def choices(self) -> tuple[widgets.Choice, ...]:
        """Return the options to show."""
        return widgets.choices(self.question, self.chosen, self.search)

    @property
    def search(self) -> str:
        """Return the words looked for in a long code list."""
        return self.binding.context.searches.get(self.path, "")

    @cached_property
    def levels(self) -> tuple[widgets.Level, ...]:
        """Return the lists of the division picker."""
        return widgets.division_levels(self.question, self.value)

    @property
    def place(self) -> Mapping[str, Any]:
        """Return longitude and latitude."""
        return self.raw if isinstance(self.raw, dict) else {}

    @cached_property
    def files(self) -> list[Any]:
        """Return the files handed in so far that the actor may see."""
        return list(visible_files(self.chosen, self.binding.context.actor).values())

    @property
    def accept(self) -> str:
        """Return the ``accept`` of a file input."""
        return ",".join(f".{kind}" for kind in self.question.declared.file.accept)

    @property
    def max_bytes(self) -> int:
        """Return the largest size of a file, in bytes."""
        return self.question.declared.file.max_mb * 1024 * 1024

    @property
    def input_type(self) -> str:
        """Return the ``type`` of the input."""
        return widgets.input_type(self.question)

    @property
    def inputmode(self) -> str:
        """Return the ``inputmode`` of the input."""
        return widgets.input_mode(self.question)

    @property
    def autocomplete(self) -> str:
        """Return the purpose of the input (WCAG 2.2, 1.3.5); none for other people in a repeated section."""
        return "" if self.question.group else self.question.element.autocomplete

    @property
    def maxlength(self) -> int | None:
        """Return the most characters of a text."""
        return self.question.element.length

    @property
    def column(self) -> str:
        """Return the classes of the grid's column; on a phone every question has the whole width."""
        return {"full": "col-12", "half": "col-12 col-md-6", "third": "col-12 col-md-4"}[self.question.declared.width]

    @property
    def described_by(self) -> str:
        """Return the ids of help and error."""
        parts = [f"{self.id}-help" if self.help else "", f"{self.id}-error" if self.error else ""]
        return " ".join(part for part in parts if part)
