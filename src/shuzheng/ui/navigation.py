"""Ways through the site: each portal hangs its entries here, and the layouts show those that a person may use.

``public`` becomes the bottom bar on phones and the top bar on wide screens, ``desk`` the officials' side navigation,
``tools`` single links that layouts know by key: ``account``, ``act-as``, ``search``, ``help``, ``accessibility``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from shuzheng.kernel.registry import Registry


def _always(request: HttpRequest) -> bool:
    return True


def _nothing(request: HttpRequest) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One way to go."""

    key: str
    title: Any
    #: Name of a route without arguments, e.g. ``citizen:home``.
    route: str
    #: Name of an icon in the sprite.
    icon: str = "chevron-right"
    order: int = 100
    #: Heading under which the desk groups it; empty for none.
    group: Any = ""
    #: Keyboard letter that follows ``g`` on the desk.
    shortcut: str = ""
    visible: Callable[[HttpRequest], bool] = _always
    #: A short count beside the title, e.g. unread messages; already bounded (``99+``).
    badge: Callable[[HttpRequest], str] = _nothing


@dataclass(frozen=True)
class Link:
    """An entry as the layouts show it to one person on one page."""

    key: str
    title: Any
    url: str
    icon: str
    group: Any
    shortcut: str
    badge: str
    current: bool


class Menu:
    """An ordered set of entries."""

    def __init__(self, what: str) -> None:
        """Name the menu for messages."""
        self._entries: Registry[Entry] = Registry(what)

    def add(self, entry: Entry) -> None:
        """Hang up an entry. Raises DuplicateName if another has its key."""
        self._entries.add(entry.key, entry)

    @property
    def entries(self) -> list[Entry]:
        """Return the entries in their order."""
        return sorted(self._entries.values(), key=lambda entry: entry.order)

    def links(self, request: HttpRequest) -> list[Link]:
        """Return the links that a person may use; the deepest one that leads to this page is current."""
        seen = [(entry, url) for entry in self.entries if entry.visible(request) and (url := _address(entry))]
        here = max((url for _, url in seen if _leads(url, request.path)), key=len, default="")
        return [
            Link(e.key, e.title, url, e.icon, e.group, e.shortcut, e.badge(request), current=url == here)
            for e, url in seen
        ]

    def url(self, key: str) -> str:
        """Return the address of one entry, or nothing when no portal has hung it up."""
        return _address(self._entries[key]) if key in self._entries else ""


def _address(entry: Entry) -> str:
    """Return the address of an entry; an installation without that portal simply has no such link."""
    try:
        return reverse(entry.route)
    except NoReverseMatch:
        return ""


def _leads(url: str, path: str) -> bool:
    return path == url or (url.count("/") > 1 and path.startswith(url))


public = Menu("entry of the public menu")
desk = Menu("entry of the desk menu")
tools = Menu("link of the layouts")
