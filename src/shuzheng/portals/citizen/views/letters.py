"""The letters of one's cases (文书): read on the page, downloaded, printed, and how they were served."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from shuzheng.engines.casework.letters.showing import ofd_of, pdf_of, shown_of
from shuzheng.engines.casework.models import Letter
from shuzheng.engines.casework.queries.letters import letter_for
from shuzheng.engines.trust.audit import PERSON, record_read
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN


@require_GET
@access(SIGNED_IN)
@never_cache
def letter(request: Request, case_id: UUID, letter_id: UUID) -> HttpResponse:
    """Show a letter as it looks, with its number, how it was served and how to object."""
    found = _found(request, case_id, letter_id)
    context = {
        **shown_of(found),
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
    return ofd_of(request.actor, found)


@require_GET
@access(SIGNED_IN)
def letter_pdf(request: Request, case_id: UUID, letter_id: UUID) -> HttpResponse:
    """Send a copy for printing. Raises NotFound."""
    return pdf_of(_found(request, case_id, letter_id))


def _found(request: Request, case_id: UUID, letter_id: UUID) -> Letter:
    """Return the letter, recording the read of a natural person's letter. Raises NotFound."""
    found = letter_for(request.actor, case_id, letter_id)
    if found.case.applicant_kind == "person":
        applicant = found.case.applicant_id
        record_read(request.actor, _("查看文书"), PERSON, applicant, ["person-name"], case_id, name="citizen.letter")
    return found
