"""Verification of licences by anyone (证照查验): by printed code, by identifier, by the code that a holder shows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from shuzheng.engines.documents.credentials import verifying
from shuzheng.engines.documents.credentials.actions import ShowCredential
from shuzheng.engines.documents.credentials.errors import NotAuthorised
from shuzheng.kernel.error import NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import PUBLIC
from shuzheng.portals.citizen.views.licences import proof_of


@access(PUBLIC)
@never_cache
@require_GET
def ask(request: Request) -> HttpResponse:
    """Go to what was typed: a code or an identifier."""
    code = request.GET.get("code", "").strip()
    return redirect("citizen:verify-code", code.replace("/", "")) if code else redirect("citizen:verify")


@access(PUBLIC)
@never_cache
@require_GET
def by_code(request: Request, code: str) -> HttpResponse:
    """Say how a licence stands now, and on a day asked for; what the type declares public, masked."""
    context: dict[str, Any] = {"code": code, "on": request.GET.get("on", ""), "crumbs": _way()}
    status = 200
    try:
        context["verdict"] = verifying.verify(code, request.META.get("REMOTE_ADDR", ""), _day(context["on"]))
    except ShuzhengError as refused:
        context["refused"], status = refused, refused.status
    return render(request, "citizen/licences/verify.html", context, status=status)


@access(PUBLIC)
@never_cache
@require_GET
def shown(request: Request, token: str) -> HttpResponse:
    """Say how the licence stands whose code was shown a moment ago; the holder sees that it was read."""
    context: dict[str, Any] = {"crumbs": _way()}
    status = 200
    try:
        verifying.spend(request.META.get("REMOTE_ADDR", ""), 1)
        context["seen"] = ShowCredential.do(request.actor, token=token)
    except NotAuthorised:
        context["stale"], status = True, 410
    except ShuzhengError as refused:
        context["refused"], status = refused, refused.status
    return render(request, "citizen/licences/shown.html", context, status=status)


@access(PUBLIC)
@never_cache
@require_GET
def proof(request: Request, code: str) -> HttpResponse:
    """Send the evidence of a licence to whoever has its printed code. Raises NotFound."""
    verdict = verifying.verify(code, request.META.get("REMOTE_ADDR", ""))
    if not verdict.whole:
        raise NotFound
    return proof_of(verdict.credential)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _way() -> list[tuple[str, str]]:
    return [(_("查验"), reverse("citizen:verify")), (_("查验证照"), "")]
