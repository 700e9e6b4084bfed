"""What happens to a request on its way: applications prove who they are, officers are led to their second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from shuzheng.engines.identity.applications import authentication
from shuzheng.engines.identity.errors import SecondFactorRequired
from shuzheng.engines.identity.sessions import lacks_second_factor
from shuzheng.kernel.error import ShuzhengError, TooLarge
from shuzheng.kernel.http import TOO_LARGE, Request, decision_for, respond, wants_json
from shuzheng.kernel.policy import PUBLIC, SIGNED_IN


class ApplicationMiddleware:
    """Make the application that signed a call its actor, and note what became of the call."""

    def __init__(self, handler: Callable[[Request], HttpResponse]) -> None:
        """Keep the next handler."""
        self.handler = handler

    def __call__(self, request: Request) -> HttpResponse:
        """Pass on what nobody signed; answer what is signed wrongly."""
        if not authentication.is_signed(request):
            return self.handler(request)
        try:
            request.actor, call = authentication.authenticate(request)
        except ShuzhengError as refusal:
            return respond(request, refusal)
        except TOO_LARGE:
            return respond(request, TooLarge())
        response = self.handler(request)
        authentication.note_outcome(call, response)
        return response


class SecondFactorMiddleware:
    """Lead an officer without a second factor from office pages to where it is set up.

    It only explains: the powers themselves are withheld by ``sessions.actor_of``.
    """

    def __init__(self, handler: Callable[[Request], HttpResponse]) -> None:
        """Keep the next handler."""
        self.handler = handler

    def __call__(self, request: Request) -> HttpResponse:
        """Pass on; the decision falls in ``process_view``."""
        return self.handler(request)

    def process_view(self, request: Request, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Redirect where a power of office would be needed. Raises SecondFactorRequired to programs."""
        if decision_for(view) in (None, PUBLIC, SIGNED_IN) or not lacks_second_factor(request):
            return None
        if wants_json(request):
            raise SecondFactorRequired
        return redirect("identity:second-factor")
