"""Licences for officials: search for a purpose, one licence, what will expire or waits, the catalogue of types."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from shuzheng.engines.documents.credentials import content, desk_queries, picturing, queries
from shuzheng.engines.documents.credentials.identifier import written_code
from shuzheng.engines.documents.credentials.models import Credential, CredentialState
from shuzheng.engines.documents.credentials.policies import DECIDE, ISSUE, READ
from shuzheng.engines.documents.credentials.words import verb_title
from shuzheng.engines.documents.seals import results
from shuzheng.engines.trust.masking import mask
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import today
from shuzheng.kernel.policy import may

_LIVE = (CredentialState.VALID, CredentialState.HELD, CredentialState.SUSPENDED)


@access(READ)
@never_cache
@require_GET
def search(request: Request) -> HttpResponse:
    """Find licences by number, identifier or holder, for a purpose that is recorded."""
    words, purpose = request.GET.get("q", "").strip(), request.GET.get("purpose", "").strip()
    context: dict[str, Any] = {"words": words, "purpose": purpose}
    if words:
        try:
            context["page"] = _listed(desk_queries.search(request.actor, words, purpose, request.GET.get("after")))
        except ShuzhengError as refused:
            context["refused"] = refused
    return _render(request, "search", context)


@access(READ)
@never_cache
@require_GET
def expiring(request: Request) -> HttpResponse:
    """List licences that will expire soon."""
    listed = desk_queries.expiring(request.actor, request.GET.get("after"))
    return _render(request, "list", {"page": _listed(listed), "days": desk_queries.SOON})


@access(READ)
@never_cache
@require_GET
def waiting(request: Request) -> HttpResponse:
    """List licences that were granted and are not made yet, with the reason."""
    return _render(request, "list", {"page": _listed(desk_queries.waiting(request.actor, request.GET.get("after")))})


@access(READ)
@require_GET
def types(request: Request) -> HttpResponse:
    """Show the catalogue of types with what happened to each in the last days."""
    return _render(request, "types", {"types": desk_queries.catalogue()})


@access(READ)
@never_cache
@require_GET
def licence(request: Request, licence_id: UUID) -> HttpResponse:
    """Show a licence: its face, how it stands, its history, its uses, and what may be done with it."""
    return show(request, licence_id)


def show(request: Request, licence_id: UUID, **more: Any) -> HttpResponse:
    """Show a licence, with what was typed into a form that was refused."""
    found = desk_queries.official(licence_id, request.actor)
    scope = str(found.division_path)
    decides, issues = may(request.actor, DECIDE, scope), may(request.actor, ISSUE, scope)
    context = {
        "found": found,
        "standing": found.standing(),
        "code": written_code(found.code),
        "face": _face(found),
        "elements": content.shown(found.type.elements, found.values),
        "names": [
            (one.name, content.title_of(one), _text(found, one.name), one.photo is not None)
            for one in found.type.elements
        ],
        "history": [(event, verb_title(event.verb)) for event in queries.history(found)],
        "uses": queries.reconsidered(found)[:50],
        "verbs": _verbs(found, decides=decides, issues=issues),
        "corrects": issues and found.state in _LIVE,
        "completes": issues and found.unsealed,
        "today": today(),
        **more,
    }
    return render(request, "office/licences/licence.html", context, status=422 if more else 200)


def _verbs(found: Credential, *, decides: bool, issues: bool) -> list[dict[str, Any]]:
    """Return the decisions that may be taken now: verb, title, whether it may work backwards, its look."""
    every = [
        ("hold", _("暂扣"), decides and found.state in (CredentialState.VALID, CredentialState.SUSPENDED), False, ""),
        ("suspend", _("中止使用"), decides and found.state == CredentialState.VALID, False, ""),
        ("resume", _("恢复使用"), decides and found.state in _LIVE[1:], False, ""),
        ("renew", _("延续"), issues and found.state in _LIVE, False, ""),
        ("replace", _("遗失补领"), issues and found.state in _LIVE, False, ""),
        ("void", _("作废注销"), issues and found.state in (*_LIVE, CredentialState.ISSUING), False, "danger"),
        ("revoke", _("吊销或撤销"), decides and found.state in _LIVE, True, "danger"),
    ]
    return [
        {"verb": verb, "title": title, "backwards": backwards, "kind": kind or "secondary"}
        for verb, title, offered, backwards, kind in every
        if offered
    ]


def _text(found: Credential, name: str) -> str:
    return found.values.get(name, {}).get("text", "")


def _face(found: Credential) -> Any:
    if found.original is None or found.original.bytes_gone_at is not None:
        return ""
    return mark_safe(picturing.picture(results.content_of(found.original), prefix="face"))


def _listed(page: Any) -> Any:
    """Return a page whose holders are masked where they are people."""
    for one in page.items:
        one.shown_holder = one.holder_name if one.holder_kind == "legal" else mask(one.holder_name, "person_name")
    return page


def _render(request: Request, name: str, context: dict[str, Any]) -> HttpResponse:
    tabs = tabs_of(request.actor)
    current = request.resolver_match.url_name if request.resolver_match else ""
    return render(request, f"office/licences/{name}.html", {**context, "tab": current, "tabs": tabs})


def tabs_of(actor: Actor) -> list[dict[str, Any]]:
    """Return the pages of licences that an official may open."""
    every = [
        ("licences", _("查询证照"), True),
        ("licences-waiting", _("待制证"), True),
        ("licences-expiring", _("即将到期"), True),
        ("licence-types", _("证照目录"), True),
        ("licence-use", _("凭授权用证"), True),
        ("licence-issue", _("签发"), may(actor, ISSUE)),
        ("licence-import", _("存量导入"), may(actor, ISSUE)),
        ("licence-checks", _("存量复核"), may(actor, DECIDE)),
    ]
    return [{"key": key, "title": title, "url": reverse(f"office:{key}")} for key, title, shown in every if shown]
