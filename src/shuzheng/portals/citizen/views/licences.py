"""My licences (我的证照): the list, one of them, the code to show, what to take away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from shuzheng.engines.documents import queries as files
from shuzheng.engines.documents.credentials import content, picturing, queries, showing
from shuzheng.engines.documents.credentials.models import Credential, CredentialState
from shuzheng.engines.documents.seals import results
from shuzheng.engines.trust.ledger import evidence
from shuzheng.engines.trust.views import evidence_file
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN
from shuzheng.portals.citizen.switching import others
from shuzheng.portals.citizen.views.cases import picture

#: Uses shown on the licence's own page.
RECENT = 10


@require_GET
@access(SIGNED_IN)
@never_cache
def licence_list(request: Request) -> HttpResponse:
    """Show the licences of the person, or of the firm or relative that they act for."""
    found = queries.mine(request.actor)
    context = {
        "licences": found,
        "party": request.actor.party,
        "others": others(request),
        "crumbs": [(_("我的"), reverse("citizen:me")), (_("我的证照"), "")],
    }
    return render(request, "citizen/licences/list.html", context)


@require_GET
@access(SIGNED_IN)
@never_cache
def licence(request: Request, licence_id: UUID) -> HttpResponse:
    """Show a licence: its face, how it stands, what happened to it, who used it."""
    found = queries.my_credential(licence_id, request.actor)
    replace = found.type.replaced_by
    context = {
        "found": found,
        "standing": found.standing(),
        "face": face_of(found),
        "elements": content.shown(found.type.elements, found.values, masked=False),
        "history": queries.history(found),
        "uses": queries.uses(found, request.GET.get("after"), RECENT),
        "authorisations": queries.authorisations(found),
        "replace_url": reverse("citizen:guide", args=[replace]) if replace else "",
        "renew_url": reverse("citizen:guide", args=[found.type.renewed_by]) if found.type.renewed_by else "",
        "may_use": found.state == CredentialState.VALID,
        "crumbs": crumbs(found),
    }
    return render(request, "citizen/licences/licence.html", context)


@require_GET
@access(SIGNED_IN)
@never_cache
def show(request: Request, licence_id: UUID) -> HttpResponse:
    """Show the code that an official scans; the page asks for a new one every minute."""
    found = queries.my_credential(licence_id, request.actor)
    context = {
        "found": found,
        "standing": found.standing(),
        "code": picture(showing.address(found.pk)),
        "refresh": showing.REFRESH,
        "crumbs": [*crumbs(found)[:-1], (found.title, _address(found)), (_("出示"), "")],
    }
    return render(request, "citizen/licences/show.html", context)


@require_GET
@access(SIGNED_IN)
def original(request: Request, licence_id: UUID) -> FileResponse:
    """Send the signed original. Raises NotFound while it is being made."""
    found = queries.my_credential(licence_id, request.actor)
    if found.original_id is None:
        raise NotFound
    file, stream = files.open_file(found.original_id, request.actor, _("持证人下载"))
    return FileResponse(stream, as_attachment=True, filename=file.name, content_type=file.content_type)


@require_GET
@access(SIGNED_IN)
def proof(request: Request, licence_id: UUID) -> HttpResponse:
    """Send the evidence that the issue stands in the public ledger. Raises NotFound while it has no place there."""
    return proof_of(queries.my_credential(licence_id, request.actor))


def proof_of(found: Credential) -> HttpResponse:
    """Return the evidence file of a licence. Raises NotFound while it has no place in the ledger."""
    proved = evidence(found.ledger_entry) if found.ledger_entry else None
    if proved is None:
        raise NotFound(_("正在记入账本，几秒后可以下载。"))
    return evidence_file(proved.model_dump_json(indent=1), found.number)


def face_of(found: Credential) -> Any:
    """Return the picture of the signed original, which is safe to put on a page; empty while or once there is none."""
    if found.original is None or found.original.bytes_gone_at is not None:
        return ""
    drawn = picturing.picture(results.content_of(found.original), prefix=f"f{found.pk.hex[:8]}")
    return mark_safe(drawn)


def crumbs(found: Credential) -> list[tuple[str, str]]:
    """Return the way to a licence."""
    return [(_("我的"), reverse("citizen:me")), (_("我的证照"), reverse("citizen:licences")), (found.title, "")]


def _address(found: Credential) -> str:
    return reverse("citizen:licence", args=[found.pk])
