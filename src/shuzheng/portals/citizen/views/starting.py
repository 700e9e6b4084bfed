"""Beginning an application: for whom, and where."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.engines.casework.projection import audiences
from shuzheng.engines.casework.serving import is_served, local_item
from shuzheng.engines.forms.queries import draft_for
from shuzheng.engines.identity.models import Account
from shuzheng.engines.identity.queries import PartyChoice, parties_for
from shuzheng.engines.identity.sessions import act_as, actor_of
from shuzheng.engines.vocabulary.divisions import path
from shuzheng.engines.vocabulary.queries import division, is_division
from shuzheng.kernel.definition import get
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN
from shuzheng.portals.citizen import place as places
from shuzheng.portals.citizen.application import begin
from shuzheng.portals.citizen.steps import STEPS

#: Shortest code (in levels) of a place that an item of these levels can be filed in.
DEPTH = {"province": 1, "city": 2, "county": 3, "township": 4}
#: Ids of the controls that errors lead to.
CONTROLS = {"choice": "choice", "division": "division-1"}


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def start(request: Request, code: str) -> HttpResponse:
    """Ask for whom and where; everything else is on the pages that follow."""
    item: ServiceItemDefinition = get("service_item", code).body
    if not {"web", "app"} & set(item.channels):
        messages.info(request, _("这个事项要到窗口办理，办事指南里有地点和电话。"))
        return redirect("citizen:guide", code=code)
    choices = [choice for choice in parties_for(cast(Account, request.user)) if eligible(item, choice)]
    place = (
        places.deepest(request.POST.getlist("division")) if request.method == "POST" else _usual_place(request, item)
    )
    errors = _problems(request, item, choices, place) if request.POST.get("_do") == "start" else {}
    if request.POST.get("_do") == "start" and not errors:
        return _begin(request, item, place)
    existing = draft_for(request.actor, item.code)
    context = {
        "item": item,
        "choices": choices,
        "chosen": request.POST.get("choice") or _present_key(request, choices),
        "steps": places.cascade(place, most=places.TOWNSHIP if "township" in item.owner.levels else places.COUNTY),
        "draft": existing,
        "errors": errors,
        "summary": [(CONTROLS[field], message) for field, message in errors.items()],
        "local": local_item(item, place) if place and not is_served(item, place) else None,
        "too_low": request.actor.assurance < item.assurance,
        "stages": STEPS,
    }
    return render(request, "citizen/apply/start.html", context, status=422 if errors else 200)


def eligible(item: ServiceItemDefinition, choice: PartyChoice) -> bool:
    """Say whether a party may be offered for an item: the right kind, and a mandate that covers it."""
    party = choice.party
    if party is None or party.kind not in audiences(item):
        return False
    if choice.ground in ("relative", "guardian") and not item.by_relative:
        return False
    return "*" in choice.items or item.code in choice.items


def _usual_place(request: Request, item: ServiceItemDefinition) -> str:
    """Return where it is filed unless the person says otherwise."""
    code = places.chosen_code(request)
    return code if not code or is_served(item, code) else item.owner.division


def _present_key(request: Request, choices: list[PartyChoice]) -> str:
    """Return the key of the party acted for at present, else of the first that may be chosen."""
    actor = request.actor
    for choice in choices:
        if choice.party and actor.party and choice.party.id == actor.party.id and choice.mandate_id == actor.mandate_id:
            return choice.key
    return choices[0].key if choices else ""


def _problems(request: Request, item: ServiceItemDefinition, choices: list[PartyChoice], place: str) -> dict[str, str]:
    """Return what must be mended before going on, by control."""
    found: dict[str, str] = {}
    if request.POST.get("choice") not in {choice.key for choice in choices}:
        found["choice"] = _("请选择为谁办理。")
    depth = max(min((DEPTH[level] for level in item.owner.levels), default=1), 1)
    if not place or not is_division(place) or len(path(place).split(".")) < depth:
        found["division"] = _("请选到办理地，比如赣州市章贡区。")
    elif not is_served(item, place):
        found["division"] = _("这个事项只受理{place}的申请。请改选办理地，或改办当地的事项。").format(
            place=division(item.owner.division).name
        )
    return found


def _begin(request: Request, item: ServiceItemDefinition, place: str) -> HttpResponse:
    """Act for the chosen party from now on, and open the draft."""
    act_as(request, request.POST["choice"])
    request.actor = actor_of(request)
    draft = begin(request.actor, item, place, draft_for(request.actor, item.code))
    response = redirect("citizen:form", draft_id=draft.pk)
    places.remember(request, response, place)
    return response
