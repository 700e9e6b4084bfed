"""Everything about a case that has ended, as the archives want it (案卷)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from shuzheng.engines.casework.models import Case, Material
from shuzheng.engines.casework.queries.case import WholeCase
from shuzheng.engines.documents.archive.rule import ArchiveRule
from shuzheng.engines.forms.engine import Answers, form_version, open_answers, review
from shuzheng.engines.identity.queries import units
from shuzheng.kernel.moment import local

#: Under which the archives know where a package comes from.
SOURCE = "casework"
#: States of a material that is owed.
OWED = (Material.State.WANTED, Material.State.TOLERATED)


def content_of(whole: WholeCase) -> dict[str, Any]:
    """Return what the archives are given about a case that has ended."""
    case, item = whole.case, whole.item
    unit_id = case.handling_unit_id or case.receiving_unit_id
    unit = units([unit_id]).get(unit_id) if unit_id else None
    rows, elements = _form(whole)
    return {
        "source": SOURCE,
        "subject": case.pk,
        "revision": case.revision,
        "number": case.number,
        "title": case.title,
        "item_code": case.item_code,
        "rule": item.archive.model_dump(),
        "dates": dates_of(whole),
        "closed_at": case.closed_at,
        "division": str(case.division_path),
        "fonds": unit.code if unit else case.division_code,
        "organ": unit.name if unit else "",
        "party": {
            "kind": "legal" if case.applicant_kind == "legal" else "person",
            "id": case.applicant_id,
            "name": case.applicant_name,
        },
        "secrecy": case.secrecy,
        "elements": elements,
        "metadata": _metadata(whole),
        "process": _process(whole),
        "form": rows,
        "documents": _documents(whole),
        "missing": _missing(whole),
    }


def _metadata(whole: WholeCase) -> dict[str, Any]:
    case, item = whole.case, whole.item
    return {
        "事项名称": item.title,
        "实施编码": item.national_code,
        "事项类型": str(item.kind),
        "办理结果": str(Case.Result(case.result).label),
        "受理渠道": case.channel,
        "申请时间": _text(case.filed_at),
        "受理时间": _text(case.accepted_at),
        "决定时间": _text(case.decided_at),
        "经办人": case.operator_name,
        "身份认证等级": case.assurance,
        "行政区划代码": case.division_code,
        "依据": [f"{basis.law}{basis.article}" for basis in item.legal_basis],
    }


def _process(whole: WholeCase) -> dict[str, Any]:
    return {
        "statuses": [
            {
                "sequence": one.sequence,
                "at": _text(one.at),
                "state": one.state,
                "act": one.act,
                "by": one.actor_name,
                "text": one.public_text,
                "internal": one.internal_text,
            }
            for one in whole.statuses
        ],
        "decisions": [
            {
                "number": one.number,
                "kind": one.kind,
                "at": _text(one.decided_at),
                "officer": one.officer_name,
                "reasons": one.reasons,
                "legal_basis": one.legal_basis,
                "effective_on": _text(one.effective_on),
                "expires_on": _text(one.expires_on),
                "superseded_at": _text(one.superseded_at),
            }
            for one in whole.decisions
        ],
        "clocks": [
            {
                "code": clock.code,
                "title": clock.parsed_rule.title,
                "state": str(reading.state),
                "due": _text(reading.due),
            }
            for clock, reading in whole.readings
        ],
        "tasks": [
            {
                "title": one.title,
                "opened_at": _text(one.opened_at),
                "closed_at": _text(one.closed_at),
                "done_by": one.done_by,
                "outcome": one.outcome,
                "opinion": one.answer,
            }
            for one in whole.tasks
        ],
        "supplements": whole.supplements,
        "participations": whole.participations,
        "relations": [{"kind": one["kind"], "number": one["number"]} for one in whole.relations],
    }


def _form(whole: WholeCase) -> tuple[list[dict[str, str]], list[str]]:
    """Return the answers in words, unmasked, and the codes of the personal elements among them."""
    case = whole.case
    if case.form_id is None:
        return [], []
    form = form_version(case.form_id)
    answers = Answers(form_key=form.key, form_id=case.form_id, values=open_answers(form, case.answers))
    groups = review(form, answers, revealed=True, audience="officer")
    rows = [
        {"section": group.title, "label": str(row.label), "value": str(row.value)}
        for group in groups
        for row in group.rows
    ]
    return rows, sorted({row.element for group in groups for row in group.rows if row.element})


def _documents(whole: WholeCase) -> list[dict[str, Any]]:
    return [
        {"role": "material", "code": material.code, "title": material.title, "file": file["id"]}
        for material in whole.materials
        for file in material.files
    ]


def _missing(whole: WholeCase) -> dict[str, str]:
    """Return what is still owed of a case that was decided; one that ended before owes nothing."""
    if whole.case.state != Case.State.CLOSED:
        return {}
    return {material.code: material.title for material in whole.materials if material.state in OWED}


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


def _text(value: date | datetime | None) -> str:
    if isinstance(value, datetime):
        return local(value).isoformat(timespec="seconds")
    return value.isoformat() if value else ""
