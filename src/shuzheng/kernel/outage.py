"""The page of last resort, which needs neither database nor session nor design system."""

from __future__ import annotations

import sys

import structlog
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string

from shuzheng.kernel.error import ShuzhengError, Unavailable
from shuzheng.kernel.http import Request, respond, wants_json
from shuzheng.kernel.worker import away

#: Seconds after which it is worth trying again.
TRY_AGAIN = 10
log = structlog.get_logger()


def unavailable(request: Request) -> HttpResponse:
    """Answer 503 while the database is away; nothing that was saved is lost, and the page says so."""
    response = _last_resort(request, Unavailable())
    response.headers["Retry-After"] = str(TRY_AGAIN)
    return response


def server_error(request: Request) -> HttpResponse:
    """Answer an error that no view or middleware has answered (Django's ``handler500``)."""
    error = sys.exc_info()[1]
    if away(error):
        log.error("database_unavailable")
        return unavailable(request)
    try:
        return respond(request, ShuzhengError())
    except Exception:
        log.exception("error_page_failed")
        return _last_resort(request, ShuzhengError())


def _last_resort(request: Request, error: ShuzhengError) -> HttpResponse:
    correlation_id = getattr(request, "correlation_id", "")
    if wants_json(request):
        problem = {**error.problem(), "instance": request.path, "correlation_id": correlation_id}
        return JsonResponse(problem, status=error.status, content_type="application/problem+json")
    page = render_to_string("kernel/last_resort.html", {"error": error, "correlation_id": correlation_id})
    return HttpResponse(page, status=error.status)
