"""Resumable uploads: tus 1.0.0 (tus.io), core protocol with the extensions creation, termination and expiration."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods

from shuzheng.engines.documents import queries
from shuzheng.engines.documents.actions import BeginUpload, DiscardUpload
from shuzheng.engines.documents.errors import (
    FileTooLarge,
    ProtocolViolation,
    UnsupportedContent,
    UnsupportedVersion,
    UploadExpired,
)
from shuzheng.engines.documents.models import Upload
from shuzheng.engines.documents.receiving import append, finish, received
from shuzheng.kernel.error import ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration"
PIECE_TYPE = "application/offset+octet-stream"
#: Tells the page the id of the file that a finished upload became.
FILE_ID = "Shuzheng-File-Id"
View = Callable[..., HttpResponse]


def speaks_tus(view: View) -> View:
    """Check the version that the client speaks, answer errors as problem details, and say which version we speak."""

    @wraps(view)
    def speaking(request: Request, **path: UUID) -> HttpResponse:
        try:
            if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
                raise UnsupportedVersion
            response = view(request, **path)
        except ShuzhengError as error:
            problem = {**error.problem(), "instance": request.path, "correlation_id": request.correlation_id}
            response = JsonResponse(problem, status=error.status, content_type="application/problem+json")
        response["Tus-Resumable"] = response["Tus-Version"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    return speaking


@access(SIGNED_IN)
@require_http_methods(["OPTIONS", "POST"])
@speaks_tus
def uploads(request: Request) -> HttpResponse:
    """Say what is supported, or begin an upload."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(settings.FILE_LIMIT)})
    metadata = _metadata(request.headers.get("Upload-Metadata", ""))
    length = _number(request, "Upload-Length")
    begun = BeginUpload.do(request.actor, name=metadata.get("filename") or "file", length=length)
    return HttpResponse(
        status=201, headers={"Location": reverse("documents:upload", args=[begun.pk]), **_expiry(begun)}
    )


@access(SIGNED_IN)
@require_http_methods(["HEAD", "PATCH", "DELETE"])
@speaks_tus
def upload(request: Request, id: UUID) -> HttpResponse:
    """Say how much of an upload has arrived, take in a piece, or give it up."""
    found = queries.own_upload(id, request.actor)
    if request.method == "DELETE":
        DiscardUpload.do(request.actor, upload_id=found.pk)
        return HttpResponse(status=204)
    if found.expired:
        raise UploadExpired
    offset = _take(request, found) if request.method == "PATCH" else received(found)
    headers = {"Upload-Offset": str(offset), "Upload-Length": str(found.length), **_expiry(found)}
    if offset == found.length:
        headers[FILE_ID] = str(found.file_id or finish(request.actor, found).pk)
    return HttpResponse(status=204 if request.method == "PATCH" else 200, headers=headers)


def _take(request: Request, found: Upload) -> int:
    """Append the body. Raises UnsupportedContent, FileTooLarge and what ``append`` raises."""
    if request.headers.get("Content-Type") != PIECE_TYPE:
        raise UnsupportedContent
    offset = _number(request, "Upload-Offset")
    if offset + int(request.headers.get("Content-Length") or 0) > found.length:
        raise FileTooLarge(limit=round(found.length / 1024 / 1024, 1))
    return append(found, offset, request.read)


def _number(request: Request, header: str) -> int:
    """Read a header that must be a plain number. Raises ProtocolViolation."""
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ProtocolViolation
    return int(text)


def _metadata(header: str) -> dict[str, str]:
    """Read ``key base64, key base64``. Raises ProtocolViolation."""
    found = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _space, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise ProtocolViolation from None
    return found


def _expiry(found: Upload) -> dict[str, str]:
    return {"Upload-Expires": http_date(found.expires_at.timestamp())} if found.file_id is None else {}
