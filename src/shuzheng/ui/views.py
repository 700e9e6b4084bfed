"""Preferences and the style guide."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from shuzheng.kernel.error import NotFound
from shuzheng.kernel.http import access
from shuzheng.kernel.policy import PUBLIC
from shuzheng.ui import preference, specimen


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """Return to the page the choice was made on, never to another site."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if safe else "/")


def _choose(request: HttpRequest, cookie: str, allowed: list[str] | tuple[str, ...], default: str) -> HttpResponse:
    chosen = request.POST.get("value", default)
    response = _back(request)
    if chosen in allowed:
        preference.remember(request, response, cookie, chosen)
    return response


@access(PUBLIC)
@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """Turn 长者模式 on (``value=1``) or off (``value=0``)."""
    return _choose(request, preference.ELDER_COOKIE, ("0", "1"), "1")


@access(PUBLIC)
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Choose ``light``, ``dark`` or ``auto``."""
    return _choose(request, preference.THEME_COOKIE, preference.THEMES, "auto")


@access(PUBLIC)
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of all pages."""
    return _choose(request, settings.LANGUAGE_COOKIE_NAME, preference.languages(), settings.LANGUAGE_CODE)


@access(PUBLIC)
@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component, where demo or debug is on. Raises NotFound elsewhere."""
    if not (settings.DEBUG or getattr(settings, "DEMO", False)):
        raise NotFound
    return render(request, "ui/styleguide.html", specimen.specimens())


@access(PUBLIC)
@require_GET
def styleguide_desk(request: HttpRequest) -> HttpResponse:
    """Show the officials' layout, where demo or debug is on. Raises NotFound elsewhere."""
    if not (settings.DEBUG or getattr(settings, "DEMO", False)):
        raise NotFound
    return render(request, "ui/styleguide_desk.html", specimen.specimens())
