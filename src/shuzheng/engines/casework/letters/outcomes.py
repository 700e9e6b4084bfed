"""What fills the letters that end a case: decisions, the withdrawal, and the proof that a letter was served."""

from __future__ import annotations

from typing import Any

from shuzheng.engines.casework.letters.matter import PERMIT_LAW, Matter
from shuzheng.engines.casework.letters.wording import clause, zh_day


def _decision(matter: Matter, article: str) -> dict[str, Any]:
    laws = [str(law) for law in matter.said.get("legal_basis") or []]
    own = [f"{basis.law}{basis.article}" for basis in matter.whole.item.legal_basis]
    laws = list(dict.fromkeys([*own, *laws]))
    permit = [f"{PERMIT_LAW}{article}"] if matter.licence else []
    return {
        "reason": clause(str(matter.said.get("reasons") or "")),
        "ground": "、".join([*laws, *permit]) or "有关规定",
    }


def approval(matter: Matter) -> dict[str, Any]:
    """Return what a decision for the applicant says."""
    item, start, end = matter.whole.item, matter.said.get("effective_on"), matter.said.get("expires_on")
    licences = [f"《{result.title}》" for result in item.results if result.kind == "licence"]
    duties = "被许可人应当依法从事许可范围内的活动，并接受行政机关的监督检查" if matter.licence else ""
    return {
        **_decision(matter, "第三十八条第一款"),
        "content": item.title,
        "valid_until": f"{zh_day(start)}至{zh_day(end)}" if start and end else "",
        "licence": "、".join(licences),
        "duties": duties,
    }


def refusal(matter: Matter) -> dict[str, Any]:
    """Return what a decision against the applicant says."""
    return _decision(matter, "第三十八条第二款")


def withdrawal(matter: Matter) -> dict[str, Any]:
    """Return what the confirmation of a withdrawal says."""
    return {"withdrawn_on": zh_day(matter.said.get("at") or matter.at), "reason": clause(matter.said.get("reason", ""))}


def receipt(matter: Matter) -> dict[str, Any]:
    """Return what the proof of service (送达回证) says."""
    service, steps = matter.said["service"], matter.said["steps"]
    last = next((step for step in reversed(steps) if step.outcome == "served"), None)
    failed = [f"{step.get_way_display()}：{step.note or step.place}" for step in steps if step.outcome == "failed"]
    electronic = service.way == "electronic"
    return {
        "document": f"{service.title}（{service.number}）" if service.number else service.title,
        "cause": matter.case.title,
        "recipient": service.person.name,
        "place": (last.place if last else "") or "—",
        "way": f"{service.get_way_display()}{'（经受送达人确认同意）' if electronic else ''}",
        "served_at": zh_day(service.served_on),
        "evidence": f"存证编号 {last.entry_id}" if last and last.entry_id else "",
        "received_by": last.note if last and service.way == "direct" else "",
        "not_received": "；".join(failed),
        "officers": (last.by if last and not electronic else "") or "系统送达",
        "remarks": last.note if last and service.way != "direct" else "",
    }
