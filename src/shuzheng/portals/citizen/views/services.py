"""Finding a service item and reading its guide."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuzheng.engines.casework.definitions.item import ITEM_KINDS, ServiceItemDefinition
from shuzheng.engines.casework.models import ServiceItem
from shuzheng.engines.casework.projection import audiences
from shuzheng.engines.casework.queries import handling_unit, popular_items, promises, search_items
from shuzheng.engines.casework.serving import is_served, local_item
from shuzheng.engines.forms.queries import draft_for
from shuzheng.engines.vocabulary.queries import division
from shuzheng.kernel.definition import get
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.page import Page
from shuzheng.kernel.policy import PUBLIC
from shuzheng.portals.citizen import place as places
from shuzheng.portals.citizen.themes import themes
from shuzheng.portals.citizen.views.home import AUDIENCES

#: Item that takes what fits no other.
CATCH_ALL = "generic-matter"
SUGGESTED = 6
#: Kinds that residents ask for; inspections and the like come to them.
FILTER_KINDS = ("licence", "benefit", "confirmation", "public-service", "other")


@require_GET
@access(PUBLIC)
def search(request: Request) -> HttpResponse:
    """Search in one's own words, or look through themes and kinds."""
    asked = _asked(request)
    place = places.chosen_place(request)
    words, after = request.GET.get("q", "").strip(), request.GET.get("after")
    division = place.code if place else ""
    found = search_items(
        words, audience=asked["audience"], theme=asked["theme"], kind=asked["kind"], division=division, after=after
    )
    context = {
        "words": words,
        "found": found,
        "place": place,
        **asked,
        "tabs": _tabs(words, asked),
        "kinds": [
            (code, ITEM_KINDS[title]) for code, title in ((str(k), k) for k in ITEM_KINDS) if code in FILTER_KINDS
        ],
        "themes": themes(asked["audience"]),
        "query": urlencode({"q": words, "for": asked["audience"], "theme": asked["theme"], "kind": asked["kind"]}),
        "popular": [] if found.page.items else popular_items(division=division, size=5),
        "catch_all": CATCH_ALL,
    }
    return render(request, "citizen/search.html", context)


def _asked(request: Request) -> dict[str, str]:
    audience = request.GET.get("for", "")
    return {
        "audience": audience if audience in AUDIENCES else "",
        "theme": request.GET.get("theme", "")[:40],
        "kind": request.GET.get("kind", "")[:20],
    }


def _tabs(words: str, asked: dict[str, str]) -> list[dict[str, Any]]:
    titles = {"": _("全部"), "person": _("个人"), "legal": _("企业和单位")}
    return [
        {
            "key": key,
            "title": title,
            "url": "?" + urlencode({"q": words, "theme": asked["theme"], "kind": asked["kind"], "for": key}),
        }
        for key, title in titles.items()
    ]


@require_GET
@access(PUBLIC)
def suggest(request: Request) -> HttpResponse:
    """Offer items while somebody types."""
    words = request.GET.get("q", "").strip()
    page: Page[ServiceItem] = Page([], None, None)
    if len(words) >= 2:
        page = search_items(words, division=places.chosen_code(request), size=SUGGESTED).page
    return render(request, "citizen/_suggestions.html", {"items": page.items, "words": words})


@require_GET
@access(PUBLIC)
def guide(request: Request, code: str) -> HttpResponse:
    """Show everything about an item, in the order in which people ask it."""
    item: ServiceItemDefinition = get("service_item", code).body
    place = places.chosen_place(request)
    away = place is not None and not is_served(item, place.code)
    context = {
        "item": item,
        "place": place,
        "served": division(item.owner.division) if away else None,
        "local": local_item(item, place.code) if place and away else None,
        "audiences": audiences(item),
        "online": bool({"web", "app"} & set(item.channels)),
        "promises": promises(item, place.code if place else ""),
        "unit": handling_unit(item, place) if place else None,
        "draft": draft_for(request.actor, item.code),
        "crumbs": [(_("首页"), reverse("citizen:home")), (_("办事"), reverse("citizen:services")), (item.title, "")],
        "spared": sum("shared" in material.sources for material in item.materials),
    }
    return render(request, "citizen/guide.html", context)
