"""Seals (电子印章): one's own, requests, approval, the log, and their management."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuzheng.engines.documents.seals import queries
from shuzheng.engines.documents.seals.kinds import DOCUMENT_KINDS
from shuzheng.engines.documents.seals.models import RequestState, Seal, SealEvent, SealKind, SealRequestFile, SealState
from shuzheng.engines.documents.seals.pictures import picture_of
from shuzheng.engines.documents.seals.policies import APPROVE, MANAGE
from shuzheng.engines.identity.models import Post
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import today
from shuzheng.kernel.policy import OFFICER, may, scopes
from shuzheng.portals.office.units import units_named

UNITS = 8
_UNDECIDED = (RequestState.WAITING, RequestState.HALF_APPROVED, RequestState.APPROVED)


@access(OFFICER)
@require_GET
def mine(request: Request) -> HttpResponse:
    """Show the seals that the officer may use, and what they asked for."""
    held = queries.my_grants(request.actor)
    listed = queries.my_requests(request.actor, request.GET.get("after"))
    return render_tab(request, "mine", {"grants": held, "page": listed})


@access(OFFICER)
@require_GET
def ask(request: Request, grant_id: UUID) -> HttpResponse:
    """Show the form with which the use of a seal is asked for."""
    return ask_again(request, grant_id, {}, {})


def ask_again(request: Request, grant_id: UUID, typed: Any, errors: dict[str, str]) -> HttpResponse:
    """Show that form with what was typed and what is wrong with it."""
    held = next((grant for grant in queries.my_grants(request.actor) if grant.pk == grant_id), None)
    if held is None:
        return render(request, "office/seals/ask.html", {"grant": None}, status=404)
    kinds = [(code, DOCUMENT_KINDS.get(code, code)) for code in held.document_kinds]
    context = {"grant": held, "kinds": kinds, "typed": typed, "errors": errors}
    status = 422 if errors else 200
    return render(request, "office/seals/ask.html", {**context, "summary": list(errors.items())}, status=status)


@access(OFFICER)
@require_GET
def one_request(request: Request, request_id: UUID) -> HttpResponse:
    """Show a request with its documents and what this officer may do with it."""
    found = queries.request(request_id, request.actor)
    own = found.applicant_id == request.actor.officer_id
    rows = SealRequestFile.objects.filter(request=found).select_related("file", "result").order_by("id")
    files = list(rows[:200])
    context = {
        "found": found,
        "files": files,
        "begun": any(row.result_id for row in files),
        "kind": DOCUMENT_KINDS.get(found.document_kind, found.document_kind),
        "may_decide": queries.may_decide(request.actor, found),
        "may_stamp": own and found.state == RequestState.APPROVED,
        "may_withdraw": own and found.state in _UNDECIDED,
    }
    return render(request, "office/seals/request.html", context)


@access(APPROVE)
@require_GET
def approvals(request: Request) -> HttpResponse:
    """List what waits for this approver."""
    return render_tab(request, "approvals", {"page": queries.waiting(request.actor, request.GET.get("after"))})


@access(MANAGE)
@require_GET
def manage(request: Request) -> HttpResponse:
    """List the seals that this officer manages, and file new ones."""
    words = request.GET.get("q", "").strip()
    wanted = request.GET.get("q_unit", "").strip()
    listed = queries.managed(request.actor, words, request.GET.get("after"))
    scope = scopes(request.actor, MANAGE)[0]
    context = {
        "page": listed,
        "uses": queries.recent_uses(seal.pk for seal in listed.items),
        "words": words,
        "q_unit": wanted,
        "units": units_named(wanted, scope)[:UNITS] if wanted else [],
        "kinds": SealKind.choices,
    }
    return render_tab(request, "manage", context)


@access(OFFICER)
@require_GET
def seal(request: Request, seal_id: UUID) -> HttpResponse:
    """Show a seal: its image, its grants, its history, and what may be done with it."""
    found = queries.seal(seal_id, request.actor)
    manages = may(request.actor, MANAGE, str(found.division_path))
    wanted = request.GET.get("q_unit", "").strip() or found.unit.name
    units = units_named(wanted, "").prefetch_related("posts")[:UNITS] if manages else []
    context = {
        "found": found,
        "image": image_of(found),
        "events": SealEvent.objects.filter(seal=found).select_related("officer__person").order_by("-at", "-id")[:50],
        "grants": queries.grants_of(found) if manages else [],
        "uses": queries.recent_uses([found.pk]).get(found.pk, 0),
        "manages": manages,
        "units": units,
        "q_unit": wanted,
        "kinds": list(DOCUMENT_KINDS.items()),
        "applications": queries.applications(request.actor) if manages else [],
        "today": today(),
        "posts": [(post.pk, f"{post.unit.name} · {post.title}") for post in _posts(units)],
        "states": SealState,
    }
    return render(request, "office/seals/seal.html", context)


def image_of(found: Seal) -> str:
    """Return a seal's drawing as the address of an image."""
    return "data:image/svg+xml;base64," + base64.b64encode(picture_of(found).svg().encode()).decode()


def _posts(units: Any) -> list[Post]:
    return [post for unit in units for post in unit.posts.all()]


def render_tab(request: Request, tab: str, context: dict[str, Any]) -> HttpResponse:
    """Render one of the pages that stand side by side as tabs."""
    return render(request, f"office/seals/{tab}.html", {**context, "tab": tab, "tabs": tabs_of(request.actor)})


def tabs_of(actor: Actor) -> list[dict[str, str]]:
    """Return the pages of seals that an officer may open."""
    every = [
        ("mine", _("我的印章与申请"), "office:seals", True),
        ("approvals", _("用印审批"), "office:seal-approvals", may(actor, APPROVE)),
        ("log", _("用章日志"), "office:seal-log", True),
        ("manage", _("印章管理"), "office:seal-manage", may(actor, MANAGE)),
    ]
    return [{"key": key, "title": title, "url": reverse(route)} for key, title, route, visible in every if visible]
