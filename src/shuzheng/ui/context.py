"""What every template knows: one variable, ``ui``."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import get_language

from shuzheng.kernel.actor import ANYBODY, Actor, Party
from shuzheng.kernel.pauses import Pause, banners
from shuzheng.ui import navigation, preference


class Ui:
    """The frame of one page for one person; parts are worked out when a template asks for them."""

    def __init__(self, request: HttpRequest) -> None:
        """Keep the request."""
        self._request = request

    @property
    def actor(self) -> Actor:
        """Return who is looking."""
        return getattr(self._request, "actor", ANYBODY)

    @property
    def acting_for(self) -> Party | None:
        """Return the party represented, unless the person acts for themselves."""
        party = self.actor.party
        return None if party is None or party.id == self.actor.person_id else party

    @cached_property
    def elder(self) -> bool:
        """Say whether 长者模式 is on."""
        return preference.elder(self._request)

    @property
    def theme(self) -> str:
        """Return ``light``, ``dark`` or ``auto``."""
        return preference.theme(self._request)

    @property
    def language(self) -> str:
        """Return the code of the page's language."""
        return get_language() or settings.LANGUAGE_CODE

    @property
    def lang(self) -> str:
        """Return the language tag for ``<html lang>``."""
        return "zh-Hans" if self.language.startswith("zh") else self.language

    @property
    def demo(self) -> bool:
        """Say whether everything shown is synthetic."""
        return bool(getattr(settings, "DEMO", False))

    @property
    def pauses(self) -> list[Pause]:
        """Return the services that are paused, with the reason and the time, for the banner."""
        return banners()

    @property
    def place(self) -> str:
        """Return the place whose government this is, e.g. 江西省."""
        return str(settings.PLACE)

    @property
    def here(self) -> str:
        """Return the address of this page, for coming back to it."""
        return self._request.get_full_path() if self._request.method == "GET" else "/"

    @cached_property
    def public(self) -> list[navigation.Link]:
        """Return the entries of the residents' navigation."""
        return navigation.public.links(self._request)

    @cached_property
    def desk(self) -> list[navigation.Link]:
        """Return the entries of the officials' navigation."""
        return navigation.desk.links(self._request)

    @property
    def links(self) -> dict[str, str]:
        """Return the addresses of single links that layouts know by key."""
        return {entry.key.replace("-", "_"): navigation.tools.url(entry.key) for entry in navigation.tools.entries}

    @property
    def sign_in(self) -> str:
        """Return the address of the sign-in that comes back to this page."""
        return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': self.here})}"

    @property
    def sign_out(self) -> str:
        """Return the address to post to in order to sign out."""
        return reverse("account_logout")


def ui(request: HttpRequest) -> dict[str, Any]:
    """Give templates the variable ``ui``."""
    return {"ui": Ui(request)}
