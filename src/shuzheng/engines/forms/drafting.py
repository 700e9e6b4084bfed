"""Raw answers on their way into a draft and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shuzheng.engines.forms.compiled import CompiledForm, Question
from shuzheng.engines.forms.models import Draft
from shuzheng.engines.forms.sealing import map_answers, open_answers
from shuzheng.engines.forms.stored_form import form_of
from shuzheng.engines.forms.values import BadValue, normalise, plain
from shuzheng.engines.vocabulary.validators import clean
from shuzheng.kernel import definition
from shuzheng.kernel.error import TooLarge

#: Most characters kept of one answer that is not valid yet, and most items of a list.
LONGEST, MOST = 10_000, 200


def cleaned(form: CompiledForm, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return raw answers fit to be kept: normal where they are valid, cleaned text where they are not yet.

    Answers to questions that the form does not have are dropped. Raises TooLarge.
    """
    for code in form.groups:
        if isinstance(raw.get(code), list) and len(raw[code]) > MOST:
            raise TooLarge
    return map_answers(form, raw, _kept)


def _kept(question: Question, value: Any) -> Any:
    """Return what is kept of one answer; a blank is kept too, because it may clear a provided answer."""
    if question.computed is not None:
        return None
    try:
        normal = normalise(question, value)
        return "" if normal is None else plain(normal)
    except BadValue:
        return _text(value)


def _text(value: Any) -> Any:
    """Return something half-entered as storable JSON, at most two levels deep."""
    if isinstance(value, list):
        return [_one(item) for item in value[:MOST]]
    if isinstance(value, dict):
        return {part: _one(value.get(part)) for part in ("longitude", "latitude")}
    return _one(value)


def _one(value: Any) -> str:
    written = "" if isinstance(value, dict | list) else clean(value)
    if len(written) > LONGEST:
        raise TooLarge
    return written.encode(errors="replace").decode()


def cleaned_reasons(form: CompiledForm, reasons: Mapping[str, str]) -> dict[str, str]:
    """Return the reasons for corrections of questions that the form has."""
    return {path: _one(reason)[:LONGEST] for path, reason in reasons.items() if form.at(path) and reason.strip()}


def draft_answers(form: CompiledForm, draft: Draft) -> dict[str, Any]:
    """Return a draft's answers, typed where they are valid, to ``bind`` and as ``held`` answers.

    The form may be a newer version than the draft's: questions that it no longer has are left out.
    """
    return open_answers(form, draft.answers)


def same_content(one: Draft, other: Draft) -> bool:
    """Say whether two drafts say the same; sealed answers are opened to compare, because sealing is never the same twice."""
    if (one.form_id, one.reasons, one.materials) != (other.form_id, other.reasons, other.materials):
        return False
    form = form_of(definition.by_id(one.form_id))
    return open_answers(form, one.answers) == open_answers(form, other.answers)
