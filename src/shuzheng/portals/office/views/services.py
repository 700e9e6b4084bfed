"""Service of documents (文书送达): the list, each step on record, the printed return (送达回证)."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shuzheng.engines.identity.models import Person
from shuzheng.engines.messaging import desk_queries
from shuzheng.engines.messaging.actions import RecordService, ServeDocument
from shuzheng.engines.messaging.models import LegalService, ServiceStep
from shuzheng.engines.messaging.models.service import Way
from shuzheng.engines.messaging.policies import SERVE, serves_for
from shuzheng.engines.trust.audit import PERSON, record_read
from shuzheng.kernel.error import InvalidInput, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import now, today

#: Ways that an officer records; the electronic one records itself.
WAYS = [choice for choice in Way.choices if choice[0] != Way.ELECTRONIC]


@access(SERVE)
@require_GET
def services(request: Request) -> HttpResponse:
    """List the documents to be served and those served."""
    status = request.GET.get("show", "")
    words = request.GET.get("q", "").strip()[:50]
    page = desk_queries.services(request.actor, request.GET.get("after"), status=status, words=words)
    tabs = [
        {"key": key, "title": title, "url": "?" + urlencode({"show": key, "q": words})}
        for key, title in [("", _("全部")), *LegalService.Status.choices[:3]]
    ]
    return render(request, "office/services/list.html", {"page": page, "tabs": tabs, "show": status, "words": words})


@access(SERVE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Have a document served: on whom, which, and the file itself, of which only the digest is kept here."""
    error = ""
    if request.method == "POST":
        person = Person.objects.by_id_number(request.POST.get("id_number", "").strip().upper())
        file = request.FILES.get("file")
        if person is None or file is None:
            error = _("没有找到这位受送达人，或没有选择文书文件。请核对证件号，并选择文书。")
        else:
            try:
                return _serve(request, person, _digest(file))
            except InvalidInput as wrong:
                error = str(wrong)
    context = {"typed": request.POST, "error": error, "crumbs": _crumbs(_("送达文书"))}
    return render(request, "office/services/new.html", context, status=422 if error else 200)


def _digest(file: UploadedFile[Any]) -> str:
    """Return the digest of a file of any size, read a piece at a time."""
    found = hashlib.new("sm3")
    for piece in file.chunks():
        found.update(piece)
    return found.hexdigest()


def _serve(request: Request, person: Person, digest: str) -> HttpResponse:
    actor = request.actor
    service = ServeDocument.do(
        actor,
        person_id=person.pk,
        title=request.POST.get("title", ""),
        number=request.POST.get("number", ""),
        digest=digest,
        unit_id=min(actor.unit_ids, default=None),
    )
    if service.served_on:
        messages.success(request, _("已以电子方式送达，今天即为送达日期。"))
    else:
        messages.info(request, _("受送达人没有同意电子送达，请用直接、邮寄等方式送达，并在这里登记结果。"))
    return redirect("office:service", service.pk)


@access(SERVE)
@require_http_methods(["GET", "POST"])
def service(request: Request, service_id: UUID) -> HttpResponse:
    """Show a service with its steps; record the next one."""
    if request.method == "POST":
        typed = request.POST
        try:
            said = {name: typed.get(name, "") for name in ("way", "outcome", "place", "note")}
            on = typed.get("on") or today().isoformat()
            RecordService.do(request.actor, {"service_id": service_id, "on": on, **said})
            messages.success(request, _("已登记，并写入存证账本。"))
            return redirect("office:service", service_id)
        except ShuzhengError as refused:
            errors = getattr(refused, "errors", ())
            messages.error(request, str(errors[0].message) if errors else str(refused))
    shown = _shown(request, service_id)
    context = {
        **shown,
        "may_record": serves_for(request.actor, shown["service"].unit_id),
        "ways": WAYS,
        "outcomes": ServiceStep.Outcome.choices,
        "today": today(),
        "typed": request.POST,
    }
    return render(request, "office/services/service.html", context)


@access(SERVE)
@require_GET
def proof(request: Request, service_id: UUID) -> HttpResponse:
    """Show the return of service (送达回证) as it is printed and filed."""
    return render(request, "office/services/proof.html", {**_shown(request, service_id), "printed_at": now()})


def _shown(request: Request, service_id: UUID) -> dict[str, Any]:
    """Return a service and its steps; that the person's name was read is recorded."""
    found = desk_queries.service(service_id, request.actor)
    record_read(request.actor, _("文书送达"), PERSON, found.person_id, ["name"], found.case_id, name="office.service")
    return {"service": found, "steps": desk_queries.steps(found), "crumbs": _crumbs(found.title)}


def _crumbs(title: str) -> list[tuple[str, str]]:
    return [(_("文书送达"), reverse("office:services")), (title, "")]
