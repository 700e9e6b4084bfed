"""The letters of one's cases (文书): read on the page, downloaded, printed, and how they were served."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from shuzheng.engines.casework.letters import composing, issuing
from shuzheng.engines.casework.models import Letter
from shuzheng.engines.casework.queries.letters import DECISIONS, letter_for, reconsider_until, sue_until
from shuzheng.engines.documents import queries as files
from shuzheng.engines.documents.credentials.picturing import pictures
from shuzheng.engines.documents.seals import results
from shuzheng.engines.identity.queries import unit
from shuzheng.engines.messaging.models import LegalService
from shuzheng.engines.trust.audit import PERSON, record_read
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN


@require_GET
@access(SIGNED_IN)
@never_cache
def letter(request: Request, case_id: UUID, letter_id: UUID) -> HttpResponse:
    """Show a letter as it looks, with its number, how it was served and how to object."""
    found = _found(request, case_id, letter_id)
    service = LegalService.objects.filter(pk=found.service_id).first() if found.service_id else None
    remedies = found.served_on is not None and found.occasion in DECISIONS
    context = {
        "found": found,
        "case": found.case,
        "unit": unit(found.unit_id),
        "pages": pages_of(found),
        "service": service,
        "reconsider_until": reconsider_until(found.served_on) if remedies and found.served_on else None,
        "sue_until": sue_until(found.served_on) if remedies and found.served_on else None,
        "crumbs": [
            (_("我的办件"), reverse("citizen:cases")),
            (found.case.title, reverse("citizen:case", args=[case_id])),
            (found.title, ""),
        ],
    }
    return render(request, "citizen/cases/letter.html", context)


@require_GET
@access(SIGNED_IN)
def letter_ofd(request: Request, case_id: UUID, letter_id: UUID) -> FileResponse:
    """Send the signed original. Raises NotFound."""
    found = _found(request, case_id, letter_id)
    return ofd_of(request, found)


@require_GET
@access(SIGNED_IN)
def letter_pdf(request: Request, case_id: UUID, letter_id: UUID) -> HttpResponse:
    """Send a copy for printing. Raises NotFound."""
    return pdf_of(_found(request, case_id, letter_id))


def ofd_of(request: Request, found: Letter) -> FileResponse:
    """Return the original of a letter that the actor may open. Raises NotFound while there is none."""
    if found.file_id is None:
        raise NotFound
    file, stream = files.open_file(found.file_id, request.actor, _("查看文书"))
    return FileResponse(stream, as_attachment=True, filename=file.name, content_type=file.content_type)


def pdf_of(found: Letter) -> HttpResponse:
    """Return the copy of a letter for printing, marked as one."""
    note = _("打印件 · 以加盖电子印章的 OFD 原件为准")
    name = issuing.name_of(found, "pdf")
    headers = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}", "Cache-Control": "private, no-store"}
    return HttpResponse(composing.copy_as_pdf(found, note), content_type="application/pdf", headers=headers)


def pages_of(found: Letter) -> list[SafeString]:
    """Return the pages of a letter as pictures that are safe on a page; nothing while there is no file."""
    if found.file is None:
        return []
    drawn = pictures(results.content_of(found.file), prefix=f"l{found.pk.hex[-8:]}")
    return [mark_safe(page) for page in drawn]


def _found(request: Request, case_id: UUID, letter_id: UUID) -> Letter:
    """Return the letter, recording the read of a natural person's letter. Raises NotFound."""
    found = letter_for(request.actor, case_id, letter_id)
    if found.case.applicant_kind == "person":
        applicant = found.case.applicant_id
        record_read(request.actor, _("查看文书"), PERSON, applicant, ["person-name"], case_id, name="citizen.letter")
    return found
