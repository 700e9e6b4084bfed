"""On whose behalf one acts, and who may act for whom."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuzheng.engines.identity import queries, sessions
from shuzheng.engines.identity.actions import (
    AcceptMandate,
    AuthoriseOperator,
    GrantMandate,
    RequestMandate,
    RevokeMandate,
)
from shuzheng.engines.identity.models import Account, Kinship, LegalPerson, Mandate
from shuzheng.kernel.action import Action
from shuzheng.kernel.error import InvalidInput, NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import today
from shuzheng.kernel.page import page
from shuzheng.kernel.policy import SIGNED_IN

#: The three ways to a mandate: address → action and heading.
WAYS: dict[str, type[Action[Any, Mandate]]] = {
    "give": GrantMandate,
    "request": RequestMandate,
    "firm": AuthoriseOperator,
}


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def acting(request: Request) -> HttpResponse:
    """Choose on whose behalf to act."""
    if request.method == "POST":
        sessions.act_as(request, request.POST.get("choice", ""))
        return redirect(_next(request))
    choices = queries.parties_for(cast(Account, request.user))
    context = {"choices": choices, "chosen": _chosen_key(request), "lost": sessions.take_lost(request)}
    return render(request, "identity/acting.html", {**context, "next": request.GET.get("next", "")})


@require_GET
@access(SIGNED_IN)
def mandate_list(request: Request) -> HttpResponse:
    """Show the mandates that concern the person, given and held."""
    person_id = _person_id(request)
    listed = page(queries.mandates_of(person_id), order=("-created_at", "-id"), after=request.GET.get("after"), size=20)
    context = {"page": listed, "today": today(), "person_id": person_id, "firms": _firms(person_id).exists()}
    return render(request, "identity/mandates.html", context)


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def propose(request: Request, way: str) -> HttpResponse:
    """Give a mandate, ask for one, or authorise a firm's operator. Raises NotFound for any other way."""
    if way not in WAYS:
        raise NotFound
    person_id, action = _person_id(request), WAYS[way]
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = action.do(request.actor, _entered(request))
        except ShuzhengError as refused:
            errors = _by_field(refused)
        else:
            messages.success(request, _done(made))
            return redirect("identity:mandates")
    context = {
        "way": way,
        "title": action.title,
        "entered": request.POST or {"items": request.GET.get("item", ""), "valid_from": today().isoformat()},
        "errors": errors,
        "summary": [(field, message) for field, message in errors.items() if field],
        "relations": Kinship.Relation.choices,
        "firms": _firms(person_id).values_list("id", "name"),
    }
    return render(request, "identity/propose.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def revoke(request: Request, mandate_id: UUID) -> HttpResponse:
    """Ask once, then end a mandate."""
    if request.method == "POST":
        RevokeMandate.do(request.actor, mandate_id=mandate_id)
        messages.success(request, _("授权已终止，立即生效。"))
        return redirect("identity:mandates")
    return render(request, "identity/revoke.html", {"mandate": queries.mandate(mandate_id, _person_id(request))})


@require_POST
@access(SIGNED_IN)
def accept(request: Request, mandate_id: UUID) -> HttpResponse:
    """Agree to a mandate that the other side proposed."""
    AcceptMandate.do(request.actor, mandate_id=mandate_id)
    messages.success(request, _("授权已生效。"))
    return redirect("identity:mandates")


def _person_id(request: Request) -> UUID:
    """Return who is signed in. Raises NotFound for an account without a person."""
    if request.actor.person_id is None:
        raise NotFound
    return request.actor.person_id


def _firms(person_id: UUID) -> Any:
    return LegalPerson.objects.filter(representative_id=person_id).order_by("name")


def _chosen_key(request: Request) -> str:
    """Return the key of the present choice."""
    actor, party = request.actor, request.actor.party
    if party is None:
        return "duty"
    if actor.mandate_id is not None:
        return f"mandate:{actor.mandate_id}"
    return "self" if party.kind == "person" else f"legal:{party.id}"


def _entered(request: Request) -> dict[str, Any]:
    """Return the form as the action's input: empty fields left out, one service item a line."""
    entered: dict[str, Any] = {
        name: value for name, value in request.POST.items() if value and name not in ("csrfmiddlewaretoken", "items")
    }
    codes = request.POST.get("items", "").replace("，", " ").replace(",", " ").split()
    return {**entered, "items": codes} if codes else entered


def _by_field(refused: ShuzhengError) -> dict[str, str]:
    """Return messages by field; what belongs to none stands under an empty name."""
    if not isinstance(refused, InvalidInput):
        return {"": str(refused)}
    return {problem.path.partition(".")[0]: str(problem.message) for problem in refused.errors}


def _done(mandate: Mandate) -> str:
    if mandate.status == Mandate.Status.ACTIVE:
        return _("监护关系已由登记信息证明，您现在可以代办。")
    return _("已提出，等对方确认后生效。对方登录后会在“授权管理”中看到。")


def _next(request: Request) -> str:
    """Return where to go on, within this site."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"
