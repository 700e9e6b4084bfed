"""Addresses to try the way of a request with."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, UnreadablePostError
from django.urls import path

from shuzheng.kernel.error import Conflict, FieldProblem, InvalidInput
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import OFFICER, PUBLIC, SIGNED_IN
from shuzheng.urls import urlpatterns as site
from tests.kernel.trial import KEEP

handler400 = handler403 = handler404 = "shuzheng.kernel.http.refuse"
handler500 = "shuzheng.kernel.outage.server_error"
RAISED = {
    "conflict": lambda: Conflict(),
    "invalid": lambda: InvalidInput(FieldProblem("day", "日期不存在。")),
    "missing": lambda: Http404("secret"),
    "denied": lambda: PermissionDenied("secret"),
    "lost": lambda: UnreadablePostError("secret"),
    "defect": lambda: RuntimeError("secret"),
}


def undecided(request: Request) -> HttpResponse:
    """Nobody said who may open this."""
    return HttpResponse("open")


def greet(request: Request) -> HttpResponse:
    """Say who acts."""
    return HttpResponse(f"{request.actor.name}/{request.correlation_id}")


def fail(request: Request, what: str) -> HttpResponse:
    """Raise something."""
    raise RAISED[what]()


def words(request: Request) -> HttpResponse:
    """Say how many fields were sent."""
    return HttpResponse(f"{len(request.POST)}")


def _open(who: str) -> object:
    return access(who)(lambda request: HttpResponse("open"))


urlpatterns = [
    path("trial/undecided", undecided),
    path("trial/greet", access(PUBLIC)(greet)),
    path("trial/fail/<what>", access(PUBLIC)(fail)),
    path("trial/words", access(PUBLIC)(words)),
    path("trial/signed-in", _open(SIGNED_IN)),
    path("trial/officer", _open(OFFICER)),
    path("trial/keep", _open(KEEP)),
    *site,
]
