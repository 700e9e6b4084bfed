"""What officials do with licences: decide about one, use one under an authorisation, issue one by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from shuzheng.engines.documents.credentials.actions import (
    CompleteCredential,
    CorrectCredential,
    HoldCredential,
    ReissueCredential,
    ResumeCredential,
    RevokeCredential,
    SuspendCredential,
    UseCredential,
    VoidCredential,
)
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.documents.credentials.policies import READ
from shuzheng.engines.documents.receiving import receive
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import InvalidInput, NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.portals.office.views.licences import show, tabs_of

Do = Callable[[Actor, UUID, dict[str, Any]], Credential]


@access(READ)
@require_POST
def change(request: Request, licence_id: UUID, verb: str) -> HttpResponse:
    """Do what a form asks for; what was typed stays when something is wrong. Raises NotFound for an unknown verb."""
    if verb not in CHANGES:
        raise NotFound
    do, done = CHANGES[verb]
    try:
        found = do(request.actor, licence_id, typed(request))
    except ShuzhengError as refused:
        return show(request, licence_id, refused=told(refused), typed=request.POST, tried=verb)
    messages.success(request, str(done))
    return redirect("office:licence", found.pk)


@access(READ)
@never_cache
@require_http_methods(["GET", "POST"])
def use(request: Request) -> HttpResponse:
    """Look at a licence under the holder's authorisation; the holder sees that it was used."""
    context: dict[str, Any] = {"typed": request.POST, "tab": "licence-use", "tabs": tabs_of(request.actor)}
    if request.method == "POST":
        given = named(request.POST, "authorisation", "purpose")
        try:
            context["seen"] = UseCredential.do(request.actor, given)
        except ShuzhengError as refused:
            context["refused"] = told(refused)
    return render(request, "office/licences/use.html", context, status=422 if "refused" in context else 200)


def told(refused: ShuzhengError) -> str:
    """Return what went wrong, every field of it."""
    if isinstance(refused, InvalidInput) and refused.errors:
        return "；".join(str(problem.message) for problem in refused.errors)
    return str(refused)


def typed(request: Request) -> dict[str, Any]:
    """Return what a form sends, with the photographs stored. Raises what ``receive`` raises."""
    pictures = {name: str(receive(request.actor, cast(Any, file)).pk) for name, file in request.FILES.items()}
    return {**request.POST.dict(), **pictures}


def named(post: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return the fields that were filled in."""
    typed = {name: post.get(name, "").strip() for name in names}
    return {name: text for name, text in typed.items() if text}


def _decision(action: Any) -> Do:
    return lambda actor, pk, post: action.do(
        actor, {"credential_id": pk, **named(post, "reason", "basis", "effective_on")}
    )


def _values(post: Mapping[str, Any]) -> dict[str, str]:
    """Return the elements whose text was changed."""
    return {
        name.removeprefix("v."): text.strip()
        for name, text in post.items()
        if name.startswith("v.") and isinstance(text, str) and text.strip() != post.get(f"was.{name[2:]}", "").strip()
    }


def _reissue(origin: str) -> Do:
    return lambda actor, pk, post: ReissueCredential.do(
        actor, {"credential_id": pk, "origin": origin, **named(post, "reason", "valid_until")}
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
            actor, {"credential_id": pk, "values": _values(post), **named(post, "reason")}
        ),
        gettext_lazy("已更正并换发新证。"),
    ),
    "complete": (
        lambda actor, pk, post: CompleteCredential.do(actor, {"credential_id": pk, "values": _values(post)}),
        gettext_lazy("已重新制证，结果见状态。"),
    ),
}
