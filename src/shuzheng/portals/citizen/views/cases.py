"""One's own cases: the list, the case, the receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import segno
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuzheng.engines.casework.actions.seeing import SeeCase
from shuzheng.engines.casework.clock import Line, Reading
from shuzheng.engines.casework.models import Case, Clock, Material
from shuzheng.engines.casework.policies import is_applicant
from shuzheng.engines.casework.queries import WholeCase, case_for, own_cases
from shuzheng.engines.casework.queries.letters import shown
from shuzheng.engines.documents.credentials import queries as licences
from shuzheng.engines.forms import engine
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.identity.queries import units
from shuzheng.engines.payment.queries import standings
from shuzheng.engines.trust.audit import PERSON, record_read
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import local
from shuzheng.kernel.policy import SIGNED_IN
from shuzheng.portals.citizen.calendar_file import due_date_file
from shuzheng.portals.citizen.lines import line_of
from shuzheng.portals.citizen.switching import offer

GROUPS = ("", "todo", "open", "done", "operated")
#: Clocks that concern the applicant, the one to look at first coming last.
CLOCKS = ("acceptance", "statutory", "promised")
State = Case.State


@require_GET
@access(SIGNED_IN)
def case_list(request: Request) -> HttpResponse:
    """List the cases of the party acted for, one clear line each."""
    group = request.GET.get("show", "")
    group = group if group in GROUPS else ""
    page = own_cases(request.actor, group, after=request.GET.get("after"))
    titles = (_("全部"), _("等我办"), _("办理中"), _("已办结"), _("我代办的"))
    tabs = [{"key": key, "title": title, "url": f"?show={key}"} for key, title in zip(GROUPS, titles, strict=True)]
    bills = standings([listed.case.pk for listed in page.items])
    rows = [(listed, bills.get(listed.case.pk, [])) for listed in page.items]
    return render(request, "citizen/cases/list.html", {"page": page, "rows": rows, "tabs": tabs, "show": group})


@require_GET
@access(SIGNED_IN)
def case(request: Request, case_id: UUID) -> HttpResponse:
    """Show one case: what to do, where it stands, every step, every day that was counted; or as whom to look at it."""
    try:
        whole = case_for(request.actor, case_id)
    except NotFound:
        return offer(request, case_id)
    own = is_applicant(request.actor, whole.case)
    _record(request, whole, ["person-name"])
    if own and _has_news(whole):
        SeeCase.do(request.actor, case_id=case_id)
    return render(request, "citizen/cases/case.html", _case_context(whole, own))


def _case_context(whole: WholeCase, own: bool) -> dict[str, Any]:
    row = whole.case
    wanted = [material for material in whole.materials if material.state == Material.State.WANTED]
    ids = [id for id in (row.handling_unit_id, row.receiving_unit_id) if id]
    return {
        "whole": whole,
        "bills": standings([row.pk]).get(row.pk, []) if own else [],
        "licences": licences.of_case(row.pk) if own and row.result == Case.Result.GRANTED else [],
        "case": row,
        "own": own,
        "line": line_of(row, [m.title for m in wanted], rated=whole.rating is not None),
        "unit": _unit(units(ids), row),
        "letters": shown(whole.letters),
        "address": getattr(row, "service_address", None),
        "statuses": list(reversed(whole.statuses)),
        "clocks": (clocks := clock_rows(whole)),
        "next_due": next_due(clocks),
        "materials": [m for m in whole.materials if not m.code.startswith("form:")],
        "decision": next((d for d in reversed(whole.decisions) if d.superseded_at is None), None),
        "wanted": wanted if row.state == State.SUPPLEMENT else [],
        "supplement": next((s for s in whole.supplements if not s["answered_at"]), None),
        "may_withdraw": own and row.state in (State.FILED, State.ACCEPTED, State.SUPPLEMENT, State.SUSPENDED),
        "may_rate": own and not row.is_open and row.state != State.WITHDRAWN and whole.rating is None,
        "crumbs": [(_("首页"), reverse("citizen:home")), (_("我的办件"), reverse("citizen:cases")), (row.title, "")],
    }


def _unit(found: dict[UUID, OrgUnit], row: Case) -> OrgUnit | None:
    unit_id = row.handling_unit_id or row.receiving_unit_id
    return found.get(unit_id) if unit_id else None


def next_due(clocks: list[dict[str, Any]]) -> datetime | None:
    """Return the first moment at which a running clock ends, or nothing while none runs."""
    return min(
        (row["reading"].due for row in clocks if row["reading"].state == "running" and row["reading"].due), default=None
    )


def clock_rows(whole: WholeCase) -> list[dict[str, Any]]:
    """Return what each clock of the case shows, explained day by day, the one that governs first."""
    tongue: Literal["zh", "en"] = "en" if (get_language() or "").startswith("en") else "zh"
    own: dict[str, tuple[Clock, Reading]] = {c.code: (c, r) for c, r in whole.readings if c.task_id is None}
    rows = []
    for code in reversed(CLOCKS):
        if code in own:
            clock, reading = own[code]
            lines: list[Line] = whole.explanation(code, tongue)
            rows.append({"code": code, "rule": clock.parsed_rule, "reading": reading, "lines": lines})
    return sorted(rows, key=lambda row: row["reading"].state in ("stopped", "not_started"))


def _has_news(whole: WholeCase) -> bool:
    seen = whole.case.seen_at
    return seen is None or any(status.at > seen for status in whole.statuses)


def _record(request: Request, whole: WholeCase, elements: list[str]) -> None:
    """Record that the data of a natural person were shown, under the case."""
    row = whole.case
    if row.applicant_kind == "person":
        record_read(request.actor, _("查看办件进展"), PERSON, row.applicant_id, elements, row.pk, name="citizen.case")


@require_GET
@access(SIGNED_IN)
def application(request: Request, case_id: UUID) -> HttpResponse:
    """Show what was filled in, sensitive answers masked."""
    whole = case_for(request.actor, case_id)
    row = whole.case
    groups: list[engine.RowGroup] = []
    if row.form_id is not None:
        form = engine.form_version(row.form_id)
        answers = engine.Answers(form_key=form.key, values=engine.open_answers(form, row.answers))
        groups = engine.review(form, answers)
    _record(request, whole, engine.personal_elements(groups) or ["person-name"])
    context = {
        "case": row,
        "groups": groups,
        "crumbs": [
            (_("我的办件"), reverse("citizen:cases")),
            (row.title, reverse("citizen:case", args=[row.pk])),
            (_("申请内容"), ""),
        ],
    }
    return render(request, "citizen/cases/application.html", context)


@require_GET
@access(SIGNED_IN)
def receipt(request: Request, case_id: UUID) -> HttpResponse:
    """Show number and code of a case that was just filed, and what happens next."""
    whole = case_for(request.actor, case_id)
    address = request.build_absolute_uri(reverse("citizen:case", args=[case_id]))
    acceptance = next((row for row in clock_rows(whole) if row["code"] == "acceptance"), None)
    context = {
        "case": whole.case,
        "item": whole.item,
        "picture": picture(address),
        "acceptance": acceptance,
        "materials": [m for m in whole.materials if m.state == Material.State.TOLERATED],
    }
    return render(request, "citizen/cases/receipt.html", context)


def picture(address: str) -> SafeString:
    """Return the QR code (GB/T 18284) of an address as SVG for the page."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(
        scale=4, border=2, omitsize=True, svgclass="sz-qr", lineclass=None, dark="#1b2430", light="#fff"
    )
    return mark_safe(drawn)


@require_GET
@access(SIGNED_IN)
def due_date(request: Request, case_id: UUID) -> HttpResponse:
    """Send the due date as an iCalendar file. Raises NotFound while no clock runs."""
    whole = case_for(request.actor, case_id)
    due = next_due(clock_rows(whole))
    if due is None:
        raise NotFound
    summary = _("“{title}”最迟今天办结").format(title=whole.case.title)
    address = request.build_absolute_uri(reverse("citizen:case", args=[case_id]))
    body = due_date_file(whole.case, local(due).date(), summary, address)
    name = f"{whole.case.number}.ics"
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
