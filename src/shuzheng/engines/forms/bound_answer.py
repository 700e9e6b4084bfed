"""The answer to one question of a page: where it came from, and whether it may be seen, kept and changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shuzheng.engines.forms.answer_path import lookup
from shuzheng.engines.forms.compiled import Question
from shuzheng.engines.forms.context import FormContext
from shuzheng.engines.forms.display import show
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
class BoundAnswer:
    """The answer to one question, whose it is, and what the page may show of it."""

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
    def live(self) -> bool:
        """Say whether other questions depend on the answer."""
        return self.question.node in self.binding.live

    @cached_property
    def typed(self) -> Any:
        """Return the typed answer, ``None`` where there is none or it cannot be read."""
        state, raw = self.binding.reading.state, self.binding.reading.typed
        return lookup(state.values if self.question.computed else raw, self.path)

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
