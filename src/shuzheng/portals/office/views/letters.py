"""Letters on the desk (文书): what waits for a seal or could not be written, one letter, sealing it, writing it anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shuzheng.engines.casework.actions.lettering import RewriteLetter, SealLetter
from shuzheng.engines.casework.letters.showing import ofd_of, pdf_of, shown_of
from shuzheng.engines.casework.letters.telling import next_way_of
from shuzheng.engines.casework.models import Letter, ServiceAddress
from shuzheng.engines.casework.queries.letters import (
    letter_for,
    sealable,
    waiting,
)
from shuzheng.engines.messaging.models import ServiceStep
from shuzheng.engines.messaging.models.service import Way
from shuzheng.engines.trust.audit import PERSON, record_read
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import OFFICER

State = Letter.State
SHOWN = (State.UNSEALED, State.FAILED, State.WRITING)
Verb = Callable[[Actor, UUID], Letter]
VERBS: dict[str, tuple[Verb, Any]] = {
    "seal": (lambda actor, id: SealLetter.do(actor, letter_id=id), gettext_lazy("已用印，文书已制发。")),
    "rewrite": (lambda actor, id: RewriteLetter.do(actor, letter_id=id), gettext_lazy("已重新生成。")),
}


@access(OFFICER)
@require_GET
def letters(request: Request) -> HttpResponse:
    """List the letters that wait for the official: to be sealed, or mended."""
    show = request.GET.get("show", "")
    page = waiting(request.actor, show if show in SHOWN else "", request.GET.get("after"))
    tabs = [{"key": key, "title": title, "url": f"?show={key}"} for key, title in [("", _("全部")), *_titles()]]
    context = {"page": page, "tabs": tabs, "show": show, "sealing": sealable(request.actor, page.items)}
    return render(request, "office/letters/list.html", context)


def _titles() -> list[tuple[str, Any]]:
    return [(state.value, state.label) for state in SHOWN]


@access(OFFICER)
@never_cache
@require_GET
def letter(request: Request, case_id: UUID, letter_id: UUID) -> HttpResponse:
    """Show a letter: its picture, its state, how its service goes on, what can be done."""
    found = _found(request, case_id, letter_id)
    shown = shown_of(found)
    service = shown["service"]
    way = next_way_of(found, service) if service and not service.served_on else ""
    context = {
        **shown,
        "steps": list(ServiceStep.objects.filter(service=service)) if service else [],
        "next_way": Way(way).label if way else "",
        "address": ServiceAddress.objects.filter(case_id=case_id).first(),
        "may_seal": bool(sealable(request.actor, [found])),
        "may_rewrite": found.standing in SHOWN and found.unit_id in request.actor.unit_ids,
        "crumbs": [
            (found.case.number, reverse("office:case", args=[case_id])),
            (found.title, ""),
        ],
    }
    return render(request, "office/letters/letter.html", context)


@access(OFFICER)
@require_GET
def letter_ofd(request: Request, case_id: UUID, letter_id: UUID) -> FileResponse:
    """Send the original, sealed or not. Raises NotFound while there is none."""
    return ofd_of(request.actor, _found(request, case_id, letter_id))


@access(OFFICER)
@require_GET
def letter_pdf(request: Request, case_id: UUID, letter_id: UUID) -> HttpResponse:
    """Send a copy for printing."""
    return pdf_of(_found(request, case_id, letter_id))


@access(OFFICER)
@require_POST
def change(request: Request, case_id: UUID, letter_id: UUID, verb: str) -> HttpResponse:
    """Seal a letter, or write it anew, and say what came of it."""
    if verb not in VERBS:
        raise NotFound
    do, done = VERBS[verb]
    try:
        result = do(request.actor, letter_id)
    except ShuzhengError as refused:
        messages.error(request, str(refused))
    else:
        good = result.state == State.ISSUED
        (messages.success if good else messages.warning)(request, str(done) if good else result.problem)
    return redirect("office:letters" if request.POST.get("back") == "list" else _address(case_id, letter_id))


def _address(case_id: UUID, letter_id: UUID) -> str:
    return reverse("office:letter", args=[case_id, letter_id])


def _found(request: Request, case_id: UUID, letter_id: UUID) -> Letter:
    """Return the letter; that its applicant was read of is recorded. Raises NotFound."""
    found = letter_for(request.actor, case_id, letter_id)
    kind = PERSON if found.case.applicant_kind == "person" else "identity.legalperson"
    record_read(request.actor, _("办理文书"), kind, found.case.applicant_id, ["name"], case_id, name="office.letter")
    return found
