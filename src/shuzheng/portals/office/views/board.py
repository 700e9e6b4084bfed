"""The team: its board, what is supervised, and finding a case."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from shuzheng.engines.casework.policies import SUPERVISE
from shuzheng.engines.casework.queries.finding import find_cases, find_cases_of_person
from shuzheng.engines.casework.queries.work import board as tasks_of_units
from shuzheng.engines.casework.queries.work import lanes, supervised
from shuzheng.engines.insight.queries import unit_workload, values
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.page import Page
from shuzheng.kernel.policy import OFFICER, scopes
from shuzheng.portals.office.casepage import PURPOSES
from shuzheng.portals.office.rows import rows_of
from shuzheng.portals.office.views.work import filter_of

#: How a board is divided: key → field of the task.
LANES = {"step": "title", "holder": "assignee_name"}


@access(OFFICER)
@require_GET
def board(request: Request) -> HttpResponse:
    """Show the open tasks of the officer's units in lanes, or one lane as a list."""
    by = request.GET.get("by", "step") if request.GET.get("by") in LANES else "step"
    chosen = filter_of(request)
    counts = unit_workload(request.actor.unit_ids, "tasks-by-step")
    context = {"by": by, "tabs": _tabs(by), "counts": counts, "chosen": chosen}
    if chosen.title:
        page = tasks_of_units(request.actor, chosen, after=request.GET.get("after"), size=20)
        return render(request, "office/board.html", {**context, "page": page, "rows": rows_of(page.items)})
    found = lanes(request.actor, LANES[by])
    columns = [
        (name or _("待领办"), name, rows_of(tasks), counts.counts.get(name) if by == "step" else None)
        for name, tasks in found.items()
    ]
    return render(request, "office/board.html", {**context, "lanes": columns})


def _tabs(by: str) -> list[dict[str, str]]:
    here = reverse("office:board")
    return [
        {"key": "step", "title": _("按环节"), "url": here},
        {"key": "holder", "title": _("按承办人"), "url": f"{here}?{urlencode({'by': 'holder'})}"},
    ]


@access(SUPERVISE)
@require_GET
def supervision(request: Request) -> HttpResponse:
    """Show the cases with an amber or red card where the officer supervises."""
    card = request.GET.get("card", "")
    card = card if card in ("red", "amber") else ""
    page = supervised(request.actor, card, after=request.GET.get("after"))
    scope = scopes(request.actor, SUPERVISE)[0]
    open_cases = values(["cases-open"], scope).get("cases-open")
    here = reverse("office:supervision")
    titles = (("", _("全部")), ("red", _("红牌")), ("amber", _("黄牌")))
    counts = open_cases.by_key if open_cases else {}
    tabs = [
        {
            "key": key,
            "title": title,
            "url": f"{here}?card={key}" if key else here,
            "count": counts.get(key) and int(counts[key]),
        }
        for key, title in titles
    ]
    context = {"page": page, "rows": rows_of(page.items), "card": card, "tabs": tabs, "open_cases": open_cases}
    return render(request, "office/supervision.html", context)


@access(OFFICER)
@never_cache
@require_http_methods(["GET", "POST"])
def search(request: Request) -> HttpResponse:
    """Find cases by number or applicant; by an id number only when posted with a purpose, so that it is in no address."""
    words = request.GET.get("q", "").strip()
    page: Page = Page([], None, None)
    purpose = dict(PURPOSES).get(request.POST.get("purpose", ""), "")
    id_number = request.POST.get("id_number", "").strip()
    if request.method == "POST" and purpose and id_number:
        page = find_cases_of_person(request.actor, id_number, str(purpose))
    elif words:
        page = find_cases(request.actor, words, after=request.GET.get("after"))
    context = {
        "words": words,
        "page": page,
        "rows": rows_of(page.items),
        "searched": bool(words or id_number),
        "missing": request.method == "POST" and not (purpose and id_number),
        "purposes": PURPOSES,
    }
    return render(request, "office/search.html", context)
