"""Reading a file in the browser."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse
from django.views.decorators.http import require_GET

from shuzheng.engines.documents import queries
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN

#: What a shown file may do: nothing but be seen.
CONTENT_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
)


@access(SIGNED_IN)
@require_GET
def file(request: Request, id: UUID) -> FileResponse:
    """Send a file: for saving, or with ``?preview`` shown in the browser if it is a picture or PDF.

    ``?purpose`` names why it is read. Raises NoSuchFile or InQuarantine.
    """
    found, stream = queries.open_file(id, request.actor, request.GET.get("purpose", "")[:100])
    preview = "preview" in request.GET and found.previewable
    response = FileResponse(stream, as_attachment=not preview, filename=found.name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = CONTENT_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    return response
