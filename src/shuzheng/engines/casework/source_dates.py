"""The days of a case from which its retention in the archives may count."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from shuzheng.engines.casework.models import Case
from shuzheng.engines.casework.queries.case import WholeCase
from shuzheng.engines.documents.archive.rule import ArchiveRule
from shuzheng.engines.forms.engine import form_version, open_answers
from shuzheng.kernel.moment import local


def dates_of(whole: WholeCase) -> dict[str, Any]:
    """Return the days from which retention may count."""
    case, rule = whole.case, whole.item.archive
    others = {UUID(str(one["id"])): one for one in whole.relations}
    closings = dict(Case.objects.filter(pk__in=others).values_list("pk", "closed_at"))
    parents = [pk for pk, one in others.items() if one["kind"] == "parent" and one["direction"] == "to"]
    decisions = [one for one in whole.decisions if one.superseded_at is None and one.kind == "granted"]
    return {
        "closed_on": _day(case.closed_at),
        "parents": [_day(closings.get(pk)) for pk in parents],
        "related": [_day(closings.get(pk)) for pk in others if pk not in parents],
        "answer": _answer(whole, rule),
        "objects": [_day(one.get(rule.starts.field)) for one in case.objects_concerned] if rule.starts.field else [],
        "effective": [one.effective_on for one in decisions],
        "expires": [one.expires_on for one in decisions],
    }


def _answer(whole: WholeCase, rule: ArchiveRule) -> date | None:
    if rule.starts.way != "answer" or whole.case.form_id is None:
        return None
    value: Any = open_answers(form_version(whole.case.form_id), whole.case.answers)
    for part in rule.starts.field.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return _day(value)


def _day(value: Any) -> date | None:
    """Return a value as a day in local time; what is no day is not known."""
    if isinstance(value, datetime):
        return local(value).date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
