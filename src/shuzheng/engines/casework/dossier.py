"""Everything about a case that has ended, as the archives want it (案卷)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from shuzheng.engines.casework.models import Case, Material
from shuzheng.engines.casework.queries.case import WholeCase
from shuzheng.engines.casework.source_dates import dates_of
from shuzheng.engines.forms.engine import Answers, RowGroup, form_version, open_answers, review
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
    groups = _form(whole)
    return {
        "source": SOURCE,
        "subject": case.pk,
        # Letters are issued and served after the case has ended; each makes the file another one.
        "revision": case.revision + sum(letter.revision for letter in whole.letters),
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
        "elements": sorted({row.element for group in groups for row in group.rows if row.element}),
        "metadata": _metadata(whole),
        "process": _process(whole),
        "form": [
            {"section": group.title, "label": str(row.label), "value": str(row.value)}
            for group in groups
            for row in group.rows
        ],
        "documents": [*_answered(groups), *_documents(whole)],
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
        "letters": _letters(whole),
        "supplements": whole.supplements,
        "participations": whole.participations,
        "relations": [{"kind": one["kind"], "number": one["number"]} for one in whole.relations],
    }


def _letters(whole: WholeCase) -> list[dict[str, Any]]:
    return [
        {
            "number": one.number,
            "title": one.title,
            "state": str(one.standing),
            "issued_at": _text(one.issued_at),
            "superseded_at": _text(one.superseded_at),
            "served_on": _text(one.served_on),
            "served_way": one.served_way,
        }
        for one in whole.letters
    ]


def _form(whole: WholeCase) -> list[RowGroup]:
    """Return the answers in words, unmasked."""
    case = whole.case
    if case.form_id is None:
        return []
    form = form_version(case.form_id)
    answers = Answers(form_key=form.key, form_id=case.form_id, values=open_answers(form, case.answers))
    return review(form, answers, revealed=True, audience="officer")


def _answered(groups: list[RowGroup]) -> list[dict[str, Any]]:
    """Return the files that were handed in as answers."""
    rows = [row for group in groups for row in group.rows if row.kind == "file"]
    return [
        {"role": "material", "code": row.path, "title": str(row.label), "file": file}
        for row in rows
        for file in row.files
    ]


def _documents(whole: WholeCase) -> list[dict[str, Any]]:
    materials = [
        {"role": "material", "code": material.code, "title": material.title, "file": file["id"]}
        for material in whole.materials
        for file in material.files
    ]
    letters = [
        {
            "role": "letter",
            "code": str(letter.occasion),
            "title": f"{letter.title}（{letter.number}）"
            + (f"（{letter.standing.label}）" if letter.superseded_at else ""),
            "file": letter.file_id,
        }
        for letter in whole.letters
        if letter.issued and letter.file_id
    ]
    return [*materials, *letters]


def _missing(whole: WholeCase) -> dict[str, str]:
    """Return what is still owed of a case that was decided; one that ended before owes nothing."""
    if whole.case.state != Case.State.CLOSED:
        return {}
    return {material.code: material.title for material in whole.materials if material.state in OWED}


def _text(value: date | datetime | None) -> str:
    if isinstance(value, datetime):
        return local(value).isoformat(timespec="seconds")
    return value.isoformat() if value else ""
