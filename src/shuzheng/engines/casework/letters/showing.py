"""A letter as pages and downloads show it, to applicants and officials alike."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import FileResponse, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from shuzheng.engines.casework.letters import composing, issuing
from shuzheng.engines.casework.letters.rules import DECISIONS
from shuzheng.engines.casework.models import Letter
from shuzheng.engines.casework.objecting import reconsider_until, sue_until
from shuzheng.engines.documents import queries as files
from shuzheng.engines.documents.credentials.picturing import pictures
from shuzheng.engines.documents.seals import results
from shuzheng.engines.identity.queries import unit
from shuzheng.engines.messaging.models import LegalService
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound


def shown_of(found: Letter) -> dict[str, Any]:
    """Return what a page says of a letter: its pictures, its service and the periods that this started."""
    served = found.served_on if found.occasion in DECISIONS else None
    return {
        "found": found,
        "case": found.case,
        "unit": unit(found.unit_id),
        "pages": pages_of(found),
        "service": LegalService.objects.filter(pk=found.service_id).first() if found.service_id else None,
        "reconsider_until": reconsider_until(served, found.case.division_code) if served else None,
        "sue_until": sue_until(served, found.case.division_code) if served else None,
    }


def pages_of(found: Letter) -> list[SafeString]:
    """Return the pages of a letter as pictures that are safe on a page; nothing while there is no file, or no longer."""
    if found.file is None or found.file.bytes_gone_at is not None:
        return []
    drawn = pictures(results.content_of(found.file), prefix=f"l{found.pk.hex[-8:]}")
    return [mark_safe(page) for page in drawn]


def ofd_of(actor: Actor, found: Letter) -> FileResponse:
    """Return the original of a letter that the actor may open. Raises NotFound while there is none."""
    if found.file_id is None:
        raise NotFound
    file, stream = files.open_file(found.file_id, actor, _("查看文书"))
    return FileResponse(stream, as_attachment=True, filename=file.name, content_type=file.content_type)


def pdf_of(found: Letter) -> HttpResponse:
    """Return the copy of a letter for printing, marked as one. Raises as ``composing.original``."""
    overtaken = _("{standing} · 仅供查考").format(standing=found.standing.label)
    note = overtaken if found.superseded_at else _("打印件 · 以加盖电子印章的 OFD 原件为准")
    name = quote(issuing.name_of(found, "pdf"))
    headers = {"Content-Disposition": f"inline; filename*=UTF-8''{name}", "Cache-Control": "private, no-store"}
    return HttpResponse(composing.copy_as_pdf(found, note), content_type="application/pdf", headers=headers)
