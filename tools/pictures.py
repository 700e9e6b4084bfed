"""Pictures of the documentation: a small story is told on a site of its own, and its pages are photographed.

The story is told at fixed moments, so a picture changes only when its page does. The site lives in a temporary folder
and is gone afterwards. ``pictures.py NAME …`` takes only the pictures whose names begin so.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from shuzheng.cli.postgres import EmbeddedServer
from shuzheng.testing.browser import DESK, HEIGHT, PHONE, Visitor, chromium

if TYPE_CHECKING:
    from picture_story import Story

    from shuzheng.engines.documents.credentials.models import Credential

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
LARGEST = 400 * 1024


@contextmanager
def story_on_a_site() -> Iterator[tuple[str, Story]]:
    """Set up a site in a temporary folder, tell the story on it, serve it, and yield its address and the story."""
    home = Path(tempfile.mkdtemp(prefix="shuzheng-pictures-"))
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"SHUZHENG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "shuzheng.settings.test"}
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread
    (home / "static").mkdir()
    server = EmbeddedServer(home, durable=False)
    server.start()
    try:
        django.setup()
        site = import_module("shuzheng.testing.site")
        with site.database_of_its_own("pictures"), site.served() as address:
            yield address, import_module("picture_story").tell()
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, how they get there, and how much of the page is shown."""

    who: Any
    go: Callable[[Visitor], Any]
    #: Height of the picture by width of the window, where it is not that of the window.
    heights: dict[int, int] = field(default_factory=dict)


def shots(story: Story) -> dict[str, Shot]:
    """Return the pictures by name."""
    allowance, licence = f"/cases/{story.allowance.pk}/", f"/office/cases/{story.licence.pk}/"
    return {
        "citizen-home": Shot(story.daughter, lambda visitor: visitor.open("/cases/").open("/")),
        "guide": Shot(None, lambda visitor: visitor.open("/services/elderly-allowance/")),
        "my-case": Shot(story.daughter, lambda visitor: _as_the_mother(visitor, allowance), {PHONE: 1560, DESK: 1500}),
        "elder": Shot(story.mother, lambda visitor: (visitor.open("/cases/").open("/"), visitor.press("长者版"))),
        "office-work": Shot(story.handler, lambda visitor: visitor.open("/office/")),
        "reads": Shot(story.mother, lambda visitor: visitor.open("/me/reads/"), {PHONE: 1100}),
        "messages": Shot(story.daughter, lambda visitor: visitor.open("/messages/")),
        "licence": Shot(story.owner, lambda visitor: _as_the_firm(visitor, story.issued), {PHONE: 1500, DESK: 1500}),
        "verify": Shot(None, lambda visitor: visitor.open(f"/verify/{story.issued.code}"), {PHONE: 1200}),
        "office-case": Shot(story.approver, lambda visitor: visitor.open(licence), {DESK: 2100}),
    }


def _as_the_mother(visitor: Visitor, case: str) -> None:
    """Open a case as the daughter who acts for her mother."""
    visitor.open(case)
    visitor.press("切换办理身份", within="main")
    visitor.tick("王桂英")
    visitor.press("确定")


def _as_the_firm(visitor: Visitor, licence: Credential) -> None:
    """Open a firm's licence as the owner who acts for it."""
    visitor.open("/identity/acting")
    visitor.tick(licence.holder_name)
    visitor.press("确定")
    visitor.open(f"/licences/{licence.pk}/")


def main(*wanted: str) -> int:
    """Take the pictures; return 1 if one is too large for a page of documentation."""
    IMAGES.mkdir(exist_ok=True)
    large = False
    with story_on_a_site() as (address, story), chromium() as browser:
        for name, shot in shots(story).items():
            for width in (PHONE, DESK) if name.startswith(wanted or ("",)) else ():
                username = shot.who.account.username if shot.who else ""
                visitor = Visitor(browser, address, width, name=username, password=story.password)
                shot.go(visitor)
                visitor.page.set_viewport_size({"width": width, "height": shot.heights.get(width, HEIGHT[width])})
                size = _take(visitor, IMAGES / f"{name}-{width}.png")
                large |= size > LARGEST
                visitor.leave()
    return int(large)


def _take(visitor: Visitor, file: Path) -> int:
    """Photograph the window, say how large the picture is, and return its size in bytes."""
    visitor.page.wait_for_load_state("networkidle")
    visitor.page.screenshot(path=file, animations="disabled")
    size = file.stat().st_size
    print(f"{file.relative_to(ROOT)}  {size / 1024:.0f} KB{'  too large' if size > LARGEST else ''}")
    return size


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
