"""Reading a file in the browser."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from shuzheng.engines.documents import queries, ranges
from shuzheng.engines.documents.models import Use
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN

#: What a shown file may do: nothing but be seen.
CONTENT_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
)


@access(SIGNED_IN)
@require_GET
def file(request: Request, id: UUID) -> HttpResponseBase:
    """Send a version of a file, or the range that is asked for: to be saved, ``?preview`` shown, ``?print`` printed.

    ``?purpose`` names why it is read. Raises NoSuchFile, InQuarantine, FileGone or StorageDown.
    """
    shown = "preview" in request.GET or "print" in request.GET
    wanted = Use.PRINT if "print" in request.GET else Use.READ if shown else Use.DOWNLOAD
    return sent(request, id, wanted, shown=shown)


def sent(request: Request, id: UUID, use: Use, *, shown: bool = False) -> HttpResponseBase:
    """Send a version of a file for a use that its holder, its matter or a grant allows; the read is on record."""
    found, stream = queries.open_file(id, request.actor, request.GET.get("purpose", "")[:100], use)
    inline = shown and found.previewable
    response = ranges.answer(request, stream, found.size) or FileResponse(stream, content_type=found.content_type)
    response["Content-Type"] = found.content_type
    response["Content-Disposition"] = content_disposition_header(not inline, found.name) or "attachment"
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = CONTENT_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    return response
