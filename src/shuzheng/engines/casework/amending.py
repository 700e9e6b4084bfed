"""Corrected answers of a running case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shuzheng.engines.casework.models import Case
from shuzheng.engines.forms.engine import FormContext, form_version, open_answers, seal_answers, validate
from shuzheng.kernel.actor import Actor


def amend_answers(actor: Actor, case: Case, changed: Mapping[str, Any]) -> None:
    """Replace some answers of a case, validating all of them by its own version of the form. Raises InvalidInput."""
    if case.form_id is None:
        return
    form = form_version(case.form_id)
    answers = validate(
        form, {**open_answers(form, case.answers), **changed}, FormContext(actor=actor, party=case.applicant)
    )
    case.answers = seal_answers(form, answers.values)
