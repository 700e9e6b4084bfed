"""How the letters of a case are to be served: confirmed with the application, changed until they are."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuzheng.engines.casework.actions.serving import ConfirmServiceAddress
from shuzheng.kernel.error import InvalidInput
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN
from shuzheng.portals.citizen.service_choice import agree, chosen, offered
from shuzheng.portals.citizen.views.acts import own_case


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def service_address(request: Request, case_id: UUID) -> HttpResponse:
    """Show the choice and take it."""
    whole = own_case(request, case_id)
    party, typed, error = whole.case.applicant, request.POST if request.method == "POST" else None, ""
    if typed is not None:
        service = chosen(typed)
        try:
            if service is None:
                error = _("请选择一种送达方式。")
            else:
                ConfirmServiceAddress.do(request.actor, {"case_id": case_id, **service})
                agree(request.actor, party, service)
                messages.success(request, _("已确认。以后的文书按这个方式送达。"))
                return redirect("citizen:case", case_id=case_id)
        except InvalidInput as refused:
            error = str(refused.errors[0].message) if refused.errors else str(refused)
    context = {
        "case": whole.case,
        "service": offered(request.actor, party, typed, getattr(whole.case, "service_address", None)),
        "service_error": error,
        "crumbs": [(whole.case.title, reverse("citizen:case", args=[case_id])), (_("送达方式"), "")],
    }
    return render(request, "citizen/cases/service_address.html", context, status=422 if error else 200)
