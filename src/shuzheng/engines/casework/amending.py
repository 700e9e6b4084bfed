"""Corrected answers of a running case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shuzheng.engines.casework.models import Case
from shuzheng.engines.forms.engine import (
    CompiledForm,
    FormContext,
    files_in,
    form_version,
    open_answers,
    seal_answers,
    validate,
)
from shuzheng.kernel.actor import Actor


def keep_answers(case: Case, form: CompiledForm, values: Mapping[str, Any]) -> None:
    """Set the validated answers of a case, sealed, and the files among them."""
    case.answers, case.answer_files = seal_answers(form, values), files_in(form, values)


def amend_answers(actor: Actor, case: Case, changed: Mapping[str, Any]) -> None:
    """Replace some answers of a case, validating all of them by its own version of the form. Raises InvalidInput."""
    if case.form_id is None:
        return
    form = form_version(case.form_id)
    kept = frozenset(map(str, case.answer_files))
    context = FormContext(actor=actor, party=case.applicant, accepted=kept)
    answers = validate(form, {**open_answers(form, case.answers), **changed}, context)
    keep_answers(case, form, answers.values)
