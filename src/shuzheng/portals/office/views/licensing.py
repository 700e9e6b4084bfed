"""What officials do with licences: decide about one, use one under an authorisation, issue one by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from shuzheng.engines.documents.credentials import content
from shuzheng.engines.documents.credentials.actions import (
    CompleteCredential,
    CorrectCredential,
    HoldCredential,
    IssueCredential,
    ReissueCredential,
    ResumeCredential,
    RevokeCredential,
    SuspendCredential,
    UseCredential,
    VoidCredential,
)
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.documents.credentials.policies import ISSUE, READ
from shuzheng.engines.documents.credentials.types import KIND, CredentialType
from shuzheng.engines.identity.models import LegalPerson, OrgUnit, Person
from shuzheng.engines.identity.queries import units
from shuzheng.engines.vocabulary.queries import choices, element
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import NoDefinition, get, listing
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.portals.office.views.licences import show, tabs_of

Do = Callable[[Actor, UUID, QueryDict], Credential]


@access(READ)
@require_POST
def change(request: Request, licence_id: UUID, verb: str) -> HttpResponse:
    """Do what a form asks for; what was typed stays when something is wrong. Raises NotFound for an unknown verb."""
    if verb not in CHANGES:
        raise NotFound
    do, done = CHANGES[verb]
    try:
        found = do(request.actor, licence_id, request.POST)
    except ShuzhengError as refused:
        return show(request, licence_id, refused=_told(refused), typed=request.POST, tried=verb)
    messages.success(request, str(done))
    return redirect("office:licence", found.pk)


@access(READ)
@never_cache
@require_http_methods(["GET", "POST"])
def use(request: Request) -> HttpResponse:
    """Look at a licence under the holder's authorisation; the holder sees that it was used."""
    context: dict[str, Any] = {"typed": request.POST, "tab": "licence-use", "tabs": tabs_of(request.actor)}
    if request.method == "POST":
        given = _named(request.POST, "authorisation", "purpose")
        try:
            context["seen"] = UseCredential.do(request.actor, given)
        except ShuzhengError as refused:
            context["refused"] = _told(refused)
    return render(request, "office/licences/use.html", context, status=422 if "refused" in context else 200)


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
            found = IssueCredential.do(request.actor, _given(request.POST, chosen))
            messages.success(request, _("已登记签发。"))
            return redirect("office:licence", found.pk)
        except ShuzhengError as refused:
            context["refused"] = _told(refused)
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
            kind = "checkbox" if one.many and options else "select" if options else "text"
            value: Any = post.getlist(f"a.{name}") if one.many else post.get(f"a.{name}", "")
            title = content.title_of(one)
            found.append({"name": f"a.{name}", "title": title, "kind": kind, "options": options, "value": value})
    return found


def _given(post: QueryDict, chosen: CredentialType) -> dict[str, Any]:
    unit = OrgUnit.objects.filter(pk=post.get("handling_unit_id") or None).first()
    holder = _holder(post.get("holder", "").strip())
    if unit is None:
        raise InvalidInput(FieldProblem("handling_unit_id", _("请选择发证单位。")))
    answers: dict[str, Any] = {}
    for one in chosen.elements:
        place, _dot, name = one.source.partition(".")
        if place == "answers":
            answers[name] = post.getlist(f"a.{name}") if one.many else post.get(f"a.{name}", "").strip()
    if chosen.validity.until and post.get("expires_on"):
        answers[chosen.validity.until] = post["expires_on"]
    return {
        **_named(post, "credential_type", "effective_on", "expires_on"),
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


def _told(refused: ShuzhengError) -> str:
    if isinstance(refused, InvalidInput) and refused.errors:
        return "；".join(str(problem.message) for problem in refused.errors)
    return str(refused)


def _named(post: QueryDict, *names: str) -> dict[str, Any]:
    """Return the fields that were filled in."""
    typed = {name: post.get(name, "").strip() for name in names}
    return {name: text for name, text in typed.items() if text}


def _decision(action: Any) -> Do:
    return lambda actor, pk, post: action.do(
        actor, {"credential_id": pk, **_named(post, "reason", "basis", "effective_on")}
    )


def _values(post: QueryDict) -> dict[str, str]:
    """Return the elements whose text was changed."""
    return {
        name.removeprefix("v."): text.strip()
        for name, text in post.items()
        if name.startswith("v.") and isinstance(text, str) and text.strip() != post.get(f"was.{name[2:]}", "").strip()
    }


def _reissue(origin: str) -> Do:
    return lambda actor, pk, post: ReissueCredential.do(
        actor, {"credential_id": pk, "origin": origin, **_named(post, "reason", "valid_until")}
    )


CHANGES: dict[str, tuple[Do, Any]] = {
    "hold": (_decision(HoldCredential), gettext_lazy("已暂扣，从现在起任何查验和调用都会显示。")),
    "suspend": (_decision(SuspendCredential), gettext_lazy("已中止使用。")),
    "resume": (_decision(ResumeCredential), gettext_lazy("已恢复使用。")),
    "revoke": (_decision(RevokeCredential), gettext_lazy("已吊销或撤销。用过这份证照的记录见下，可逐件复核。")),
    "void": (_decision(VoidCredential), gettext_lazy("已作废注销。")),
    "renew": (_reissue("renew"), gettext_lazy("已延续，新证已登记。")),
    "replace": (_reissue("replace"), gettext_lazy("已补领，新证已登记，原证作废。")),
    "correct": (
        lambda actor, pk, post: CorrectCredential.do(
            actor, {"credential_id": pk, "values": _values(post), **_named(post, "reason")}
        ),
        gettext_lazy("已更正并换发新证。"),
    ),
    "complete": (
        lambda actor, pk, post: CompleteCredential.do(actor, {"credential_id": pk, "values": _values(post)}),
        gettext_lazy("已重新制证，结果见状态。"),
    ),
}
