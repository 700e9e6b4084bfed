"""Officers, roles and delegations (人员、角色与委托); what one may not manage is not there."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuzheng.engines.identity.models import Appointment, Role
from shuzheng.engines.identity.policies import MANAGE_OFFICERS, MANAGE_ROLES
from shuzheng.engines.identity.queries import (
    appointments_in,
    delegations_of,
    officer_posts,
    role_assignments_in,
)
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import today
from shuzheng.kernel.page import page
from shuzheng.kernel.policy import OFFICER, may, scopes
from shuzheng.portals.office.units import units_named

#: Units whose posts a search lists at most.
UNITS = 8


@access(OFFICER)
@require_GET
def people(request: Request) -> HttpResponse:
    """List who holds which post; whoever does not manage officers sees their own."""
    actor = request.actor
    if not may(actor, MANAGE_OFFICERS):
        return redirect("office:delegations")
    name, wanted = request.GET.get("q", "").strip(), request.GET.get("q_unit", "").strip()
    scope = scopes(actor, MANAGE_OFFICERS)[0]
    found = appointments_in(scope)
    if name:
        found = found.filter(officer__person__name__startswith=name)
    listed = page(found, order=("officer__number", "id"), after=request.GET.get("after"))
    units = units_named(wanted, scope).prefetch_related("posts")[:UNITS] if wanted else []
    context = {"tab": "posts", "page": listed, "words": name, "q_unit": wanted, "units": units, "today": today()}
    return _render(request, "office/people.html", context)


@access(MANAGE_ROLES)
@require_GET
def roles(request: Request) -> HttpResponse:
    """List who holds which role where."""
    scope = scopes(request.actor, MANAGE_ROLES)[0]
    listed = page(role_assignments_in(scope), order=("officer__number", "id"), after=request.GET.get("after"))
    context = {
        "tab": "roles",
        "page": listed,
        "roles": [(r.code, r.title) for r in Role.objects.order_by("-administrator", "code")],
    }
    return _render(request, "office/roles.html", context)


@access(OFFICER)
@require_GET
def delegations(request: Request) -> HttpResponse:
    """Show the officer's own posts and delegations, and let them delegate."""
    actor = request.actor
    colleagues = Appointment.objects.filter(post__unit__in=actor.unit_ids, officer__left_on=None)
    names = colleagues.exclude(officer=actor.officer_id).values_list(
        "officer_id", "officer__person__name", "officer__number"
    )
    context = {
        "tab": "delegations",
        "posts": officer_posts(actor.officer_id) if actor.officer_id else [],
        "delegations": delegations_of(actor.officer_id) if actor.officer_id else [],
        "colleagues": [
            (id, f"{name} · {number}") for id, name, number in names.order_by("officer__number").distinct()[:200]
        ],
        "today": today(),
    }
    return _render(request, "office/delegations.html", context)


def _render(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    actor = request.actor
    tabs = [
        ("posts", _("任职"), "office:people", may(actor, MANAGE_OFFICERS)),
        ("roles", _("角色"), "office:roles", may(actor, MANAGE_ROLES)),
        ("delegations", _("我的岗位与委托"), "office:delegations", True),
    ]
    shown = [{"key": key, "title": title, "url": reverse(route)} for key, title, route, visible in tabs if visible]
    return render(request, template, {**context, "tabs": shown})
