"""Simulated time for a whole site: days pass between the acts of a story that is played through a browser.

``kernel.moment.at`` pretends in one context only; the requests of a live server run in threads of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from shuzheng.kernel.moment import at

_moment: datetime | None = None


def it_is(moment: datetime | None) -> None:
    """Let every request of this process from now on be answered at ``moment`` (aware); None lets real time return."""
    global _moment
    _moment = moment


class SimulatedTimeMiddleware:
    """Answers requests at the simulated moment. For ``settings.test`` only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the site."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer at the simulated moment, if there is one."""
        with at(_moment) if _moment else nullcontext():
            return self.get_response(request)
