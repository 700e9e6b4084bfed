"""Sealing the sensitive answers for storage, opening them again, and showing them masked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from shuzheng.engines.forms.compiled import CompiledForm, Question
from shuzheng.engines.forms.display import show
from shuzheng.engines.forms.values import plain, revive
from shuzheng.engines.trust import crypto

#: Marks a sealed answer in stored JSON.
MARK = "sealed:"
Change = Callable[[Question, Any], Any]


def seal_answers(form: CompiledForm, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers as JSON fit for storage: every level-4 answer is sealed, bound to the name of its question.

    Takes typed or raw answers; answers to questions that the form does not have are dropped.
    """
    return map_answers(form, values, _seal)


def open_answers(form: CompiledForm, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the typed answers of what ``seal_answers`` made. Raises DecryptionFailed if it was altered.

    What was sealed is opened even if the element's level has changed since.
    """
    return map_answers(form, stored, lambda question, value: revive(question, _open(question, value)))


def mask_answers(form: CompiledForm, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers as people read them who need not see them all: codes by name, personal ones masked."""
    return map_answers(form, values, lambda question, value: show(question, value, masked=question.masked))


def map_answers(form: CompiledForm, values: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """Return the answers with a change applied to each, rows kept, others dropped."""
    result: dict[str, Any] = {}
    for block in form.blocks:
        if not block.repeated:
            result.update(_map_row(block.questions, values, change))
        elif isinstance(values.get(block.code), list):
            rows = [row for row in values[block.code] if isinstance(row, dict)]
            result[block.code] = [_map_row(block.questions, row, change) for row in rows]
    return result


def _map_row(questions: tuple[Question, ...], row: Mapping[str, Any], change: Change) -> dict[str, Any]:
    changed = {q.code: change(q, row[q.code]) for q in questions if row.get(q.code) is not None}
    return {code: value for code, value in changed.items() if value is not None}


def _seal(question: Question, value: Any) -> Any:
    written = plain(value)
    forged = isinstance(written, str) and written.startswith(MARK)
    if not question.sealed and not forged:
        return written
    return MARK + crypto.seal(json.dumps(written, ensure_ascii=False), _context(question))


def _open(question: Question, value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith(MARK):
        return value
    return json.loads(crypto.open_sealed(value.removeprefix(MARK), _context(question)))


def _context(question: Question) -> str:
    """Bind a sealed answer to its question, so that it does not open under another name."""
    return f"forms.answers.{question.code}"
