"""A walk through every page of a running demo, as each of its people, on a phone and at a desk.

Every page is inspected as in the journeys: accessible, no wider than the window, no error in the console, answered with 200.
``walk.py [--pictures FOLDER] [--home URL] [NAME …]`` prints what is wrong, page by page, and ends with 1 if anything is.
Only links are followed, a few of each route, so nothing is changed but what reading itself records.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import django

from shuzheng.testing.browser import DESK, PHONE, PageAtFault, Visitor, chromium

#: Pages looked at per route; the first may be empty and the second full.
PER_ROUTE = 2
#: Where people begin; a portal that is not for somebody refuses them there, and that is no fault.
STARTS = ("/", "/me/", "/office/", "/admin/", "/ledger/")
_LINKS = "[...document.querySelectorAll('a[href]:not([download])')].map(a => a.href)"


def main() -> int:
    """Walk as asked for, print the faults, and return how the program ends."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("names", nargs="*", help="user names; everybody of the demo, and a stranger, when left out")
    asked.add_argument("--home", default="http://127.0.0.1:8000")
    asked.add_argument("--pictures", type=Path)
    given = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuzheng.settings.dev")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread
    django.setup()
    from shuzheng.demo.story import ACCOUNTS

    people = [("", ""), *((name, password) for name, password, _ in ACCOUNTS)]
    faults = 0
    with chromium() as browser:
        for name, password in people:
            if given.names and name not in given.names:
                continue
            for width in (PHONE, DESK):
                visitor = Visitor(browser, given.home, width, name=name, password=password)
                for path, fault in walk(visitor, given.pictures):
                    faults += bool(fault)
                    print(f"{'✗' if fault else '✓'} {name or 'stranger':12} {width:4} {path}  {fault}", flush=True)
                visitor.leave()
    return 1 if faults else 0


def walk(visitor: Visitor, pictures: Path | None = None) -> Iterator[tuple[str, str]]:
    """Yield every page a visitor can reach by links, with what is wrong with it or nothing."""
    seen: Counter[str] = Counter()
    ahead = [visitor.home + start for start in STARTS]
    known = set(ahead)
    while ahead:
        address = ahead.pop(0)
        if (route := _route(address)) is None or seen[route] >= PER_ROUTE or not _is_page(visitor, address):
            continue
        seen[route] += 1
        path = address.removeprefix(visitor.home)
        yield path, _look(visitor, path)
        if pictures:
            _photograph(visitor, pictures, path)
        for link in visitor.page.evaluate(_LINKS):
            found = urljoin(visitor.home, link).split("#")[0]
            if found.startswith(visitor.home + "/") and found not in known:
                known.add(found)
                ahead.append(found)


def _look(visitor: Visitor, path: str) -> str:
    try:
        visitor.open(path)
    except PageAtFault as fault:
        return str(fault)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _route(address: str) -> str | None:
    """Return what makes addresses pages of one kind: the route and the names in the query; nothing for signing out."""
    from django.urls import Resolver404, resolve

    parts = urlsplit(address)
    try:
        route = resolve(parts.path).route
    except Resolver404:
        route = parts.path
    if re.search(r"logout|set.?language|static|media", route):
        return None
    return route + "?" + "&".join(sorted(parse_qs(parts.query, keep_blank_values=True)))


def _is_page(visitor: Visitor, address: str) -> bool:
    """Say whether an address answers with a page, rather than with a file or, at the start, by refusing."""
    answer: Any = visitor.window.request.get(address, fail_on_status_code=False)
    if answer.status == 403 and urlsplit(address).path in STARTS:
        return False
    return "text/html" in answer.headers.get("content-type", "")


def _photograph(visitor: Visitor, pictures: Path, path: str) -> None:
    folder = pictures / (visitor.name or "stranger")
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w=-]+", "_", path.strip("/")) or "home"
    visitor.page.screenshot(path=folder / f"{name[:80]}-{visitor.width}.png", full_page=True)


if __name__ == "__main__":
    sys.exit(main())
