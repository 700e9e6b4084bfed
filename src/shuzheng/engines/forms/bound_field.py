"""One question on a page, with its answer, its words and its control."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shuzheng.engines.forms import widgets
from shuzheng.engines.forms.compiled import Question, lookup
from shuzheng.engines.forms.context import FormContext
from shuzheng.engines.forms.display import show
from shuzheng.engines.forms.files import visible_files
from shuzheng.engines.forms.reading import Reading


@dataclass(frozen=True)
class Binding:
    """What all fields of one page share."""

    reading: Reading
    values: Mapping[str, Any]
    held: Mapping[str, Any]
    errors: Mapping[str, str]
    reasons: Mapping[str, str]
    #: Questions on whose answers other questions depend.
    live: frozenset[str]

    @property
    def context(self) -> FormContext:
        """Return what the form is answered in."""
        return self.reading.context


@dataclass(frozen=True)
class BoundField:
    """One question on the page, with its answer."""

    question: Question
    row: int | None
    binding: Binding

    @property
    def path(self) -> str:
        """Return the path of the answer and of problems: ``code`` or ``group.row.code``."""
        return self.question.path(self.row)

    @property
    def name(self) -> str:
        """Return the name of the input, which is the path."""
        return self.path

    @property
    def id(self) -> str:
        """Return the id of the control, or of the first control of a group."""
        return "f-" + self.path.replace(".", "-")

    @cached_property
    def label(self) -> str:
        """Return the label in the words for the audience."""
        return self.question.worded(self.binding.context.audience).label

    @cached_property
    def help(self) -> str:
        """Return the help in the words for the audience."""
        return self.question.worded(self.binding.context.audience).help

    @property
    def error(self) -> str:
        """Return what is wrong and how to mend it, or nothing."""
        return self.binding.errors.get(self.path, "")

    @cached_property
    def required(self) -> bool:
        """Say whether it must be answered."""
        return self.binding.reading.state.requires(self.question, self.row)

    @property
    def optional(self) -> bool:
        """Say whether the person is asked, but need not answer."""
        return not self.required and self.widget not in ("kept", "output")

    @property
    def live(self) -> bool:
        """Say whether other questions depend on the answer."""
        return self.question.node in self.binding.live

    @cached_property
    def typed(self) -> Any:
        """Return the typed answer, ``None`` where there is none or it cannot be read."""
        state, raw = self.binding.reading.state, self.binding.reading.typed
        return lookup(state.values if self.question.computed else raw, self.path)

    # -- answers that are kept -----------------------------------------------------------------------------

    @cached_property
    def provider(self) -> str:
        """Return who provided the answer (已由政府提供), or nothing."""
        prefill = self.binding.context.prefill
        same = self.typed is not None and prefill.values.get(self.path) == self.typed
        return prefill.provenance.get(self.path, "") if same else ""

    @property
    def opened(self) -> bool:
        """Say whether the person asked to change a provided or kept answer."""
        return self.path in self.binding.context.opened or self._unexplained

    @property
    def _unexplained(self) -> bool:
        """Say whether the provided answer was changed, so that its reason is asked for."""
        provided = self.binding.context.prefill.values.get(self.path)
        return provided is not None and self.typed != provided

    @property
    def explains(self) -> bool:
        """Say whether a reason for the change is asked for."""
        return self.opened and self.path in self.binding.context.prefill.values

    @property
    def reason(self) -> str:
        """Return the reason given so far."""
        return self.binding.reasons.get(self.path, "")

    @cached_property
    def token(self) -> str:
        """Return where the server keeps the answer, if the page shows it without sending it back; else nothing."""
        kept = self.typed is not None and not self.opened and not self.error
        if not kept or not (self.provider or self.question.masked):
            return ""
        return next(self._held_places(), "")

    def _held_places(self) -> Iterator[str]:
        """Yield the places of this very answer among those the server keeps; rows may have moved."""
        held = self.binding.held
        rows = len(held.get(self.question.group) or ()) if self.question.group else 0
        places = [self.path, *(self.question.path(row) for row in range(rows))]
        return (place for place in places if lookup(held, place) == self.typed)

    @property
    def provided(self) -> bool:
        """Say whether the answer on the page is government's."""
        return bool(self.token and self.provider)

    @property
    def masked(self) -> bool:
        """Say whether the answer is shown masked."""
        return self.question.masked and bool(self.token) and self.path not in self.binding.context.revealed

    @property
    def changeable(self) -> bool:
        """Say whether the person may change a kept answer."""
        return not self.question.declared.readonly

    @property
    def display(self) -> str:
        """Return the answer in words, masked if it is."""
        return show(self.question, self.typed, masked=self.masked)

    # -- the control ---------------------------------------------------------------------------------------

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
