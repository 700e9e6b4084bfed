"""Public verification (电子签章查验): is this document sealed, by whom, and may one rely on it?"""

from __future__ import annotations

import base64
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shuzheng.engines.documents.errors import FileTooLarge
from shuzheng.engines.documents.seals import limits
from shuzheng.engines.documents.seals.findings import SealCheck, Weight
from shuzheng.engines.documents.seals.reading import check_document
from shuzheng.kernel.error import ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import PUBLIC

MEGABYTE = 1024 * 1024
#: Pictures larger than this are not shown on the page.
LARGEST_PICTURE = 512 * 1024
_COLOUR = {Weight.BROKEN: "red", Weight.UNTRUSTED: "amber", Weight.NOTE: "blue"}


@access(PUBLIC)
@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: Request) -> HttpResponse:
    """Check a document that a visitor brings; it is read in memory and forgotten with the answer."""
    context: dict[str, Any] = {"limit": settings.FILE_LIMIT}
    status = 200
    upload = request.FILES.get("document") if request.method == "POST" else None
    if request.method == "POST" and upload is None:
        context["missing"], status = True, 422
    elif upload is not None:
        try:
            context |= {"name": upload.name, "checks": _checked(request, upload)}
        except ShuzhengError as refused:
            context["error"], status = refused, refused.status
    return render(request, "citizen/verify.html", context, status=status)


def _checked(request: Request, upload: Any) -> list[dict[str, Any]]:
    limits.spend(request.actor.address)
    if upload.size > settings.FILE_LIMIT:
        raise FileTooLarge(limit=settings.FILE_LIMIT // MEGABYTE)
    return [_shown(check) for check in check_document(upload.read())]


def _shown(check: SealCheck) -> dict[str, Any]:
    findings = [(finding, _COLOUR[finding.weight]) for finding in check.findings]
    return {
        "check": check,
        "findings": sorted(findings, key=lambda one: list(_COLOUR.values()).index(one[1])),
        "picture": _picture(check),
        "colour": "green" if check.valid else "red" if check.broken else "amber",
    }


def _picture(check: SealCheck) -> str:
    """Return the seal's own picture as the address of an image, when browsers can show it and it is what it claims."""
    kind, data = check.picture or ("", b"")
    if kind != "png" or not data.startswith(b"\x89PNG\r\n\x1a\n") or len(data) > LARGEST_PICTURE:
        return ""
    return "data:image/png;base64," + base64.b64encode(data).decode()
