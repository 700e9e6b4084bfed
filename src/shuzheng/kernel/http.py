"""The way of a request through the house: correlation, actor, access, errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from typing import Any, TypeVar
from uuid import uuid4

import structlog
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.module_loading import import_string

from shuzheng.kernel.actor import ANYBODY, Actor
from shuzheng.kernel.error import NotFound, NotPermitted, ShuzhengError, SignInRequired, TooLarge, Unreadable
from shuzheng.kernel.policy import PUBLIC, require

View = TypeVar("View", bound=Callable[..., Any])
Handler = Callable[[Any], HttpResponse]
CORRELATION = "X-Correlation-ID"
PLAUSIBLE = re.compile(r"[A-Za-z0-9_-]{8,64}")
#: Views of other people's packages: who may, by the module they come from.
FOREIGN: dict[str, str] = {
    "allauth.": PUBLIC,
    "ninja.": PUBLIC,  # every operation has its own kernel.api.Allow
    "django.contrib.staticfiles": PUBLIC,
    "django.views.static": PUBLIC,
    "django.views.i18n": PUBLIC,
    "django.contrib.admin": "operator.use_admin",
}
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
MALFORMED = (SuspiciousOperation, BadRequest, MultiPartParserError)
log = structlog.get_logger()


class Request(HttpRequest):
    """A request on its way through the house; views annotate theirs with this type."""

    #: Who acts; the only identity that views and actions use.
    actor: Actor
    #: Joins log lines, audit records and the error page of this request.
    correlation_id: str


def access(who: str) -> Callable[[View], View]:
    """Declare who may open a view: PUBLIC, SIGNED_IN, OFFICER or a permission. Every route must have one."""

    def mark(view: View) -> View:
        setattr(view, "shuzheng_access", who)
        return view

    return mark


def decision_for(view: Any) -> str | None:
    """Return who may open a view, or ``None`` if nobody decided."""
    view = view.func if isinstance(view, partial) else view
    own = getattr(view, "shuzheng_access", None) or getattr(getattr(view, "view_class", None), "shuzheng_access", None)
    if own:
        return own
    if hasattr(view, "model_admin") or hasattr(view, "admin_site"):
        return FOREIGN["django.contrib.admin"]
    module = getattr(view, "__module__", "") or ""
    return next((who for prefix, who in FOREIGN.items() if module.startswith(prefix)), None)


@cache
def _actor_of() -> Callable[[Request], Actor]:
    return import_string(settings.SHUZHENG_ACTOR_OF)


class CorrelationMiddleware:
    """Give every request a correlation id, in the log, on error pages and in the response."""

    def __init__(self, handler: Handler) -> None:
        """Keep the next handler."""
        self.handler = handler

    def __call__(self, request: Request) -> HttpResponse:
        """Bind the id for the length of the request."""
        given = request.headers.get(CORRELATION, "")
        request.correlation_id = given if PLAUSIBLE.fullmatch(given) else uuid4().hex
        with structlog.contextvars.bound_contextvars(correlation_id=request.correlation_id):
            response = self.handler(request)
        response[CORRELATION] = request.correlation_id
        return response


class ActorMiddleware:
    """Find out who acts; ``request.actor`` is the only identity that views and actions use."""

    def __init__(self, handler: Handler) -> None:
        """Keep the next handler."""
        self.handler = handler

    def __call__(self, request: Request) -> HttpResponse:
        """Set ``request.actor``."""
        request.actor = _actor_of()(request)
        return self.handler(request)


class AccessMiddleware:
    """Refuse whoever may not open the view; a view without a decision opens to nobody."""

    def __init__(self, handler: Handler) -> None:
        """Keep the next handler."""
        self.handler = handler

    def __call__(self, request: Request) -> HttpResponse:
        """Pass on; the decision falls in ``process_view``."""
        return self.handler(request)

    def process_view(self, request: Request, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answer whoever the view's decision refuses."""
        who = decision_for(view)
        if who is None:
            return respond(request, NotFound())
        try:
            require(request.actor, who)
        except SignInRequired as error:
            return respond(request, error) if wants_json(request) else redirect_to_login(request.get_full_path())
        except NotPermitted as error:
            return respond(request, error)
        return None


class ProblemMiddleware:
    """Turn the errors of operations into a page for people or problem details for programs."""

    def __init__(self, handler: Handler) -> None:
        """Keep the next handler."""
        self.handler = handler

    def __call__(self, request: Request) -> HttpResponse:
        """Pass on what an address can say; errors come to ``process_exception``."""
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):  # PostgreSQL has no such character
            return respond(request, Unreadable())
        return self.handler(request)

    def process_exception(self, request: Request, error: Exception) -> HttpResponse | None:
        """Answer an error; a defect of ours is logged whole and shown as a plain apology.

        An outage of the database is left to ``shuzheng.kernel.outage``, and a malformed request to ``refuse``, since
        both also strike outside of views.
        """
        if isinstance(error, OperationalError | InterfaceError):
            return None
        error = _ours(error)
        if isinstance(error, MALFORMED):
            return None
        if not isinstance(error, ShuzhengError):
            log.error("unexpected_error", exc_info=error)
            if settings.DEBUG:
                return None
            error = ShuzhengError()
        return respond(request, error)


def refuse(request: Request, exception: Exception) -> HttpResponse:
    """Answer what Django refuses before or instead of a view (its ``handler400``, ``handler403``, ``handler404``)."""
    error = TooLarge() if isinstance(exception, TOO_LARGE) else _ours(exception)
    return respond(request, error if isinstance(error, ShuzhengError) else Unreadable())


def _ours(error: Exception) -> Exception:
    """Return our form of what Django and its packages raise for the same meaning."""
    if isinstance(error, Http404):
        return NotFound()
    if isinstance(error, UnreadablePostError):  # the connection was lost while the request was read
        return Unreadable()
    return NotPermitted() if isinstance(error, PermissionDenied) else error


def wants_json(request: Request) -> bool:
    """Say whether the client is a program."""
    return request.path.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json")


def respond(request: Request, error: ShuzhengError) -> HttpResponse:
    """Return the error as RFC 9457 problem details or as a page."""
    correlation_id = getattr(request, "correlation_id", "")
    problem = {**error.problem(), "instance": request.path, "correlation_id": correlation_id}
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    if wants_json(request):
        answer = "application/problem+json"
        return JsonResponse(problem, status=error.status, content_type=answer, headers=headers)
    if not hasattr(request, "actor"):
        request.actor = ANYBODY
    context = {"error": error, "problem": problem, "correlation_id": correlation_id}
    page = render(request, "ui/error.html", context, status=error.status)
    for name, value in headers.items():
        page.headers[name] = value
    return page
