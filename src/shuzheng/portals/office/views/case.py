"""The case on one page (办件)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shuzheng.engines.casework.queries.acts import offered
from shuzheng.engines.casework.queries.case import WholeCase, case_for
from shuzheng.engines.documents.credentials import queries as licences
from shuzheng.engines.forms.engine import personal_elements
from shuzheng.engines.trust import queries as trust
from shuzheng.engines.trust.audit import record_read
from shuzheng.engines.trust.policies import READ_AUDIT
from shuzheng.engines.vocabulary.queries import work_calendar
from shuzheng.kernel.error import FieldProblem, InvalidInput
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import OFFICER, may
from shuzheng.portals.office import casepage
from shuzheng.portals.office.rows import masked_applicant, working_days_left

#: Purpose under which a page with everything masked is opened.
HANDLING = "办理办件"


@access(OFFICER)
@never_cache
@require_http_methods(["GET", "POST"])
def case(request: Request, case_id: UUID) -> HttpResponse:
    """Show a case; posting a purpose shows what is masked. Both are reads of personal data and go to the audit."""
    whole = case_for(request.actor, case_id)
    purpose = _purpose(request) if request.method == "POST" else ""
    groups = casepage.answers_of(whole, revealed=bool(purpose))
    hidden = personal_elements(casepage.answers_of(whole)) if purpose else personal_elements(groups)
    record_read(
        request.actor,
        purpose or HANDLING,
        casepage.subject_of(whole),
        whole.case.applicant_id,
        hidden if purpose else [e for e in casepage.elements_shown(groups) if e not in hidden] or ["name"],
        whole.case.pk,
        name="office.reveal" if purpose else "office.case",
    )
    return render(
        request,
        "office/case.html",
        {**_context(request, whole), "answers": groups, "hidden": hidden, "revealed": purpose},
    )


def _purpose(request: Request) -> str:
    """Return the purpose in words. Raises InvalidInput if none was chosen."""
    chosen = dict(casepage.PURPOSES).get(request.POST.get("purpose", ""))
    if chosen is None:
        raise InvalidInput(
            FieldProblem("purpose", _("请选择查看的用途。")), message=_("请先选择查看的用途。没有显示任何内容。")
        )
    return str(chosen)


def _context(request: Request, whole: WholeCase) -> dict[str, Any]:
    case, names = whole.case, casepage.unit_names(whole)
    card, governing = casepage.case_card(whole)
    audited = may(request.actor, READ_AUDIT, str(case.division_path))
    return {
        "whole": whole,
        "case": case,
        "item": whole.item,
        "applicant": masked_applicant(case.applicant_name, case.applicant_kind),
        "operator": masked_applicant(case.operator_name, "person"),
        "unit": names.get(case.handling_unit_id) if case.handling_unit_id else "",
        "card": card,
        "governing": governing,
        "days": working_days_left(governing.due, work_calendar(case.division_code))
        if governing and governing.due
        else None,
        "acts": casepage.acts_of(offered(request.actor, whole)),
        "clocks": casepage.clocks_of(whole),
        "picture": whole.picture(),
        "steps": casepage.steps_of(whole),
        "licences_used": licences.used_in(case.pk),
        "licences_issued": licences.of_case(case.pk),
        "history": casepage.history_of(whole),
        "tasks": casepage.opinions_of(whole, names),
        "purposes": casepage.PURPOSES,
        "audit": trust.of_case(case.pk, size=20).items if audited else None,
    }
