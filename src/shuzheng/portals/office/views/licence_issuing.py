"""Issuing a licence by hand, e.g. one that was granted on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shuzheng.engines.documents.credentials import content
from shuzheng.engines.documents.credentials.actions import IssueCredential
from shuzheng.engines.documents.credentials.policies import ISSUE
from shuzheng.engines.documents.credentials.types import KIND, CredentialType
from shuzheng.engines.identity.models import LegalPerson, OrgUnit, Person
from shuzheng.engines.identity.queries import units
from shuzheng.engines.vocabulary.queries import choices, element
from shuzheng.kernel.definition import NoDefinition, get, listing
from shuzheng.kernel.error import FieldProblem, InvalidInput, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.portals.office.views.licences import tabs_of
from shuzheng.portals.office.views.licensing import named, told, typed


@access(ISSUE)
@never_cache
@require_http_methods(["GET", "POST"])
def issue(request: Request) -> HttpResponse:
    """Issue a licence by hand, e.g. one that was granted on paper."""
    chosen = _type(request.POST.get("credential_type") or request.GET.get("type", ""))
    context: dict[str, Any] = {
        "types": [(stored.key, stored.title) for stored in listing(KIND)],
        "chosen": chosen,
        "fields": _fields(chosen, request.POST) if chosen else [],
        "units": [(unit.pk, unit.name) for unit in units(request.actor.unit_ids).values()],
        "typed": request.POST,
        "tab": "licence-issue",
        "tabs": tabs_of(request.actor),
    }
    if request.method == "POST" and chosen is not None:
        try:
            found = IssueCredential.do(request.actor, _given(request, chosen))
            messages.success(request, _("已登记签发。"))
            return redirect("office:licence", found.pk)
        except ShuzhengError as refused:
            context["refused"] = told(refused)
    return render(request, "office/licences/issue.html", context, status=422 if "refused" in context else 200)


def _type(code: str) -> CredentialType | None:
    try:
        return get(KIND, code).body if code else None
    except NoDefinition:
        return None


def _fields(chosen: CredentialType, post: QueryDict) -> list[dict[str, Any]]:
    """Return the elements that the registers do not know: name, title, what was typed, and the codes to choose from."""
    found = []
    for one in chosen.elements:
        place, _dot, name = one.source.partition(".")
        if place == "answers":
            of = element(one.element)
            options = choices(of.code_list) if of.code_list else []
            kind = "file" if one.photo else "checkbox" if one.many and options else "select" if options else "text"
            value: Any = post.getlist(f"a.{name}") if one.many else post.get(f"a.{name}", "")
            title = content.title_of(one)
            found.append({"name": f"a.{name}", "title": title, "kind": kind, "options": options, "value": value})
    return found


def _given(request: Request, chosen: CredentialType) -> dict[str, Any]:
    post = request.POST
    unit = OrgUnit.objects.filter(pk=post.get("handling_unit_id") or None).first()
    holder = _holder(post.get("holder", "").strip())
    if unit is None:
        raise InvalidInput(FieldProblem("handling_unit_id", _("请选择发证单位。")))
    answers: dict[str, Any] = {}
    for one in chosen.elements:
        place, _dot, name = one.source.partition(".")
        if one.photo is not None and f"a.{name}" in request.FILES:
            answers[name] = typed(request)[f"a.{name}"]
        elif place == "answers":
            answers[name] = post.getlist(f"a.{name}") if one.many else post.get(f"a.{name}", "").strip()
    if chosen.validity.until and post.get("expires_on"):
        answers[chosen.validity.until] = post["expires_on"]
    return {
        **named(post, "credential_type", "effective_on", "expires_on"),
        "applicant_kind": "person" if isinstance(holder, Person) else "legal",
        "applicant_id": holder.pk,
        "applicant_name": holder.name,
        "division_code": unit.division_code,
        "handling_unit_id": unit.pk,
        "answers": answers,
    }


def _holder(number: str) -> Person | LegalPerson:
    """Return the person or firm of a number. Raises InvalidInput."""
    found = LegalPerson.objects.filter(uscc=number.upper()).first() or Person.objects.by_id_number(number.upper())
    if found is None:
        raise InvalidInput(FieldProblem("holder", _("没有查到这个证件号码对应的个人或单位，请核对。")))
    return found
