"""How a person wants to see pages: elder mode, theme and language, kept in cookies so that visitors have them too."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

ELDER_COOKIE = "sz_elder"
THEME_COOKIE = "sz_theme"
THEMES = ("light", "dark", "auto")
ONE_YEAR = 365 * 24 * 3600


def elder(request: HttpRequest) -> bool:
    """Say whether pages are shown in 长者模式: as last chosen on this device, else as the account says."""
    chosen = request.COOKIES.get(ELDER_COOKIE)
    if chosen in ("0", "1"):
        return chosen == "1"
    return bool(getattr(getattr(request, "user", None), "elder_mode", False))


def theme(request: HttpRequest) -> str:
    """Return ``light``, ``dark`` or ``auto`` (as the device says); light unless asked for."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "light"


def remember(request: HttpRequest, response: HttpResponseBase, cookie: str, value: str) -> None:
    """Keep a choice on this device for a year."""
    response.set_cookie(
        cookie, value, max_age=ONE_YEAR, samesite="Lax", secure=request.is_secure(), httponly=cookie != THEME_COOKIE
    )


def languages() -> list[str]:
    """Return the codes of the languages offered."""
    return [code for code, _ in settings.LANGUAGES]
