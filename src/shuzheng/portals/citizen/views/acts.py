"""What an applicant does with a case: supplement, withdraw, rate."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuzheng.engines.casework.actions.deciding import WithdrawCase
from shuzheng.engines.casework.actions.intake import Supply
from shuzheng.engines.casework.actions.rating import RateCase
from shuzheng.engines.casework.models import Case, Rating
from shuzheng.engines.casework.policies import is_applicant
from shuzheng.engines.casework.queries import WholeCase, case_for
from shuzheng.engines.vocabulary.queries import code_list
from shuzheng.kernel.error import Conflict, NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN
from shuzheng.portals.citizen.supplement_page import SupplementPage

FACES = [
    (Rating.Level.VERY_GOOD, "mood-happy"),
    (Rating.Level.GOOD, "mood-smile"),
    (Rating.Level.FAIR, "mood-empty"),
    (Rating.Level.POOR, "mood-sad"),
    (Rating.Level.VERY_POOR, "mood-cry"),
]


def own_case(request: Request, case_id: UUID) -> WholeCase:
    """Return a case of the party acted for. Raises NotFound: whoever merely may read it, may not act."""
    whole = case_for(request.actor, case_id)
    if not is_applicant(request.actor, whole.case):
        raise NotFound
    return whole


# -- supplement --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def supplement(request: Request, case_id: UUID) -> HttpResponse:
    """Take everything that was asked for, at once."""
    whole = own_case(request, case_id)
    if whole.case.state != Case.State.SUPPLEMENT:
        messages.info(request, _("这个办件现在不需要补正。"))
        return redirect("citizen:case", case_id=case_id)
    page = SupplementPage(request, whole)
    if request.method == "GET":
        return page.render()
    page.take()
    if page.problems or page.staying:
        return page.render()
    try:
        Supply.do(request.actor, page.supplied(), key=request.POST.get("key") or None)
    except ShuzhengError as refused:
        return page.render(refused)
    messages.success(request, _("材料已经交上去了，工作人员会继续办理，期限接着计算。"))
    return redirect("citizen:case", case_id=case_id)


# -- withdraw ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def withdraw(request: Request, case_id: UUID) -> HttpResponse:
    """Ask once, then withdraw."""
    whole = own_case(request, case_id)
    if whole.case.state not in WithdrawCase.states:
        messages.info(request, _("这个办件已经有了结果，不能再撤回。"))
        return redirect("citizen:case", case_id=case_id)
    refused: ShuzhengError | None = None
    if request.method == "POST":
        try:
            WithdrawCase.do(request.actor, case_id=case_id, reason=request.POST.get("reason", "")[:1000])
        except Conflict as error:
            refused = error
        else:
            messages.success(request, _("已撤回。需要时可以重新申请。"))
            return redirect("citizen:case", case_id=case_id)
    context = {"case": whole.case, "alert": refused, "reason": request.POST.get("reason", "")}
    return render(request, "citizen/cases/withdraw.html", context, status=refused.status if refused else 200)


# -- rate --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def rate(request: Request, case_id: UUID) -> HttpResponse:
    """Take a rating on five levels, with reasons and words if the person likes."""
    whole = own_case(request, case_id)
    if whole.case.is_open or whole.rating is not None:
        messages.info(request, _("办结后可以评价一次。") if whole.case.is_open else _("您已经评价过，谢谢。"))
        return redirect("citizen:case", case_id=case_id)
    error, alert = "", ""
    if request.method == "POST":
        level = request.POST.get("level", "")
        error = "" if level in {"1", "2", "3", "4", "5"} else _("请先选一个表情。")
        alert = "" if error else _rate(request, case_id, int(level))
        if not error and not alert:
            messages.success(request, _("谢谢您的评价。不满意的，我们会核实整改并给您回复。"))
            return redirect("citizen:case", case_id=case_id)
    known = code_list("rating-reason").codes
    context = {
        "case": whole.case,
        "faces": [(level.value, level.label, icon) for level, icon in FACES],
        "level": request.POST.get("level", ""),
        "good": [reason for reason in known if reason.note == "good"],
        "poor": [reason for reason in known if reason.note != "good"],
        "chosen": request.POST.getlist("reasons"),
        "text": request.POST.get("text", ""),
        "error": error,
        "alert": alert,
    }
    return render(request, "citizen/cases/rate.html", context, status=422 if error or alert else 200)


def _rate(request: Request, case_id: UUID, level: int) -> str:
    """Store the rating; return why it was refused, or nothing."""
    known = code_list("rating-reason").by_code
    reasons = [code for code in request.POST.getlist("reasons") if code in known]
    try:
        RateCase.do(
            request.actor, case_id=case_id, level=level, reasons=reasons[:10], text=request.POST.get("text", "")[:1000]
        )
    except Conflict as refused:
        return str(refused)
    return ""
