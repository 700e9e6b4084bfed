"""The way in: home, the choice of a place, help."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods

from shuzheng.engines.casework.queries import items_titled, popular_items, to_dos
from shuzheng.engines.forms.queries import drafts
from shuzheng.engines.messaging.queries import asking, inbox_of
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import PUBLIC
from shuzheng.portals.citizen import place as places
from shuzheng.portals.citizen.themes import themes

AUDIENCES = ("person", "legal")


def audience_of(request: Request) -> str:
    """Return for whom items are shown: as asked, else as the party acted for, else persons."""
    asked = request.GET.get("for", "")
    if asked in AUDIENCES:
        return asked
    party = request.actor.party
    return "legal" if party and party.kind == "legal" else "person"


@require_GET
@access(PUBLIC)
def home(request: Request) -> HttpResponse:
    """Show the search, what is used most, the themes, and what waits for the person."""
    audience, place = audience_of(request), places.chosen_place(request)
    context = {
        "audience": audience,
        "place": place,
        "popular": popular_items(audience=audience, division=place.code if place else ""),
        "themes": themes(audience),
        **_own(request),
    }
    return render(request, "citizen/home.html", context)


def _own(request: Request) -> dict[str, Any]:
    """Return what is the person's own; nothing for visitors."""
    actor = request.actor
    if actor.anonymous:
        return {}
    kept, waiting = drafts(actor, size=3).items, to_dos(actor)
    return {
        "to_dos": waiting,
        "asking": asking(actor, except_cases=[listed.case.id for listed in waiting]),
        "drafts": kept,
        "titles": items_titled(draft.subject for draft in kept) if kept else {},
        "notices": [message for message in inbox_of(actor, unread=True, size=3).items if not message.asks],
    }


@require_http_methods(["GET", "POST"])
@access(PUBLIC)
def place(request: Request) -> HttpResponse:
    """Choose the place where one wants something done; each list leads to the one below it."""
    target = request.POST.get("next") or request.GET.get("next", "")
    code = places.deepest(request.POST.getlist("division")) if request.method == "POST" else places.chosen_code(request)
    if request.POST.get("_do") == "choose":
        safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
        response = redirect(target if safe else "citizen:home")
        places.remember(request, response, code)
        return response
    context = {"steps": places.cascade(code), "code": code, "next": target}
    return render(request, "citizen/place.html", context)


@require_GET
@access(PUBLIC)
def help_page(request: Request) -> HttpResponse:
    """Say how things are done here and whom to ask."""
    return render(request, "citizen/help.html")


@require_GET
@access(PUBLIC)
def accessibility(request: Request) -> HttpResponse:
    """Say what is done for people who see, hear or move with difficulty, and where to complain."""
    return render(request, "citizen/accessibility.html")
