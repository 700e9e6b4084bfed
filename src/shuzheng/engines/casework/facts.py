"""What a case tells the actions that its process calls: an action is given those facts that its input names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from shuzheng.engines.casework.models import Decision
from shuzheng.engines.forms import engine
from shuzheng.kernel.action import actions

if TYPE_CHECKING:
    from shuzheng.engines.casework.models import Case

#: Name of a field → the fact.
FACTS: Mapping[str, Callable[[Case], Any]] = {
    "case_number": lambda case: case.number,
    "item_code": lambda case: case.item_code,
    "title": lambda case: case.title,
    "division_code": lambda case: case.division_code,
    "applicant_kind": lambda case: case.applicant_kind,
    "applicant_id": lambda case: case.applicant_id,
    "applicant_name": lambda case: case.applicant_name,
    "operator_id": lambda case: case.operator_id,
    "answers": lambda case: _answers(case),
    "handling_unit_id": lambda case: case.handling_unit_id,
    "effective_on": lambda case: _term(case, "effective_on"),
    "expires_on": lambda case: _term(case, "expires_on"),
    "synthetic": lambda case: case.synthetic,
}


def facts_for(name: str, case: Case) -> dict[str, Any]:
    """Return the facts of a case that an action asks for by the names of its fields."""
    asked = actions()[name].input.model_fields
    return {"case_id": case.pk} | {field: tell(case) for field, tell in FACTS.items() if field in asked}


def _answers(case: Case) -> dict[str, Any]:
    """Return the answers in their types, sensitive ones opened."""
    if case.form_id is None:
        return {}
    return engine.open_answers(engine.form_version(case.form_id), case.answers)


def _term(case: Case, field: str) -> date | None:
    """Return the first or last day of the decision in force, or nothing before there is one."""
    decisions = Decision.objects.filter(case_id=case.pk, superseded_at=None)
    return decisions.order_by("-decided_at", "-id").values_list(field, flat=True).first()
