"""Answers laid out to be read: the review page before sending, the print, the officer's page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from shuzheng.engines.forms.answers import Answers
from shuzheng.engines.forms.compiled import Block, CompiledForm, Question
from shuzheng.engines.forms.display import show


@dataclass(frozen=True)
class Row:
    """One answer to read."""

    path: str
    label: str
    #: The answer in words; masked where it is personal and was not asked for.
    value: str
    #: Whether the value is masked and may be revealed.
    masked: bool
    #: Who provided it, or nothing.
    provider: str
    #: Why a provided answer was changed, or nothing.
    correction: str
    #: Ids of files, for links.
    files: tuple[str, ...]
    kind: Literal["text", "file", "place"]
    #: Code of the data element, for the record of reads.
    element: str
    #: The typed value of a place.
    place: Mapping[str, float] | None = None


@dataclass(frozen=True)
class RowGroup:
    """The answers of a section, or of one thing of a repeated section."""

    section: str
    title: str
    rows: tuple[Row, ...]


def review(
    form: CompiledForm, answers: Answers, *, revealed: Collection[str] | bool = (), audience: str = "resident"
) -> list[RowGroup]:
    """Return the answers section by section, personal ones masked unless their paths are ``revealed`` (``True``: all).

    Questions that were not asked do not appear. Whoever reveals to an officer records the read first.
    """
    return [group for block in form.blocks for group in _groups(block, answers, revealed, audience) if group.rows]


def personal_elements(groups: list[RowGroup]) -> list[str]:
    """Return the codes of the elements shown masked, which an officer may ask to see."""
    return sorted({row.element for group in groups for row in group.rows if row.masked})


def _groups(block: Block, answers: Answers, revealed: Collection[str] | bool, audience: str) -> Iterator[RowGroup]:
    title, repeat = block.declared.title, block.declared.repeat
    if repeat is None:
        yield RowGroup(block.code, title, tuple(_rows(block, None, answers.values, answers, revealed, audience)))
        return
    for index, values in enumerate(answers.values.get(block.code) or ()):
        rows = tuple(_rows(block, index, values, answers, revealed, audience))
        yield RowGroup(block.code, f"{repeat.item_title} {index + 1}", rows)


def _rows(
    block: Block,
    index: int | None,
    values: Mapping[str, Any],
    answers: Answers,
    revealed: Collection[str] | bool,
    audience: str,
) -> Iterator[Row]:
    reasons = {correction.path: correction.reason for correction in answers.corrections}
    for question in block.questions:
        value, path = values.get(question.code), question.path(index)
        if value is None:
            continue
        masked = question.masked and not (revealed if isinstance(revealed, bool) else path in revealed)
        yield Row(
            path=path,
            label=question.worded(audience).label,
            value=show(question, value, masked=masked),
            masked=masked,
            provider=answers.provenance.get(path, ""),
            correction=reasons.get(path, ""),
            files=tuple(value) if question.element.datatype == "file" else (),
            kind=_kind(question),
            element=question.element.code,
            place=value if question.element.datatype == "geo_point" and not masked else None,
        )


def _kind(question: Question) -> Literal["text", "file", "place"]:
    if question.element.datatype == "file":
        return "file"
    return "place" if question.element.datatype == "geo_point" else "text"
