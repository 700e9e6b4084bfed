"""One town for all journeys: a served site with every pack, and people who come and go."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from shuzheng.engines.identity.models import Officer, Person
from shuzheng.kernel.actions import LoadPacks
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import ZONE, at
from shuzheng.testing import simulated
from shuzheng.testing.browser import DESK, PHONE, Visitor, chromium, is_ready
from shuzheng.testing.identity import PASSWORD, a_resident, a_unit, an_officer
from shuzheng.testing.site import database_of_its_own, served, work_off_jobs

PACKS = Path(__file__).resolve().parents[2] / "packs"
MONDAY = "2026-04-27 09:00"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
#: A county each, so that nobody's work list holds another journey's cases.
COUNTIES = count()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as a journey."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Say in the report of a failure what everybody saw last."""
    report = yield
    town = getattr(item, "funcargs", {}).get("town")
    if report.when == "call" and report.failed and town is not None:
        report.sections += [
            (f"{visitor.name} at {visitor.page.url}", visitor.page.inner_text("body")) for visitor in town.visitors
        ]
    return report


class Town:
    """The site as the people of one journey meet it: its day, its units, its visitors."""

    def __init__(self, browser: Any, home: str, county: str) -> None:
        """Take up residence in a county."""
        self.browser, self.home, self.county = browser, home, county
        self.visitors: list[Visitor] = []
        a_unit("government-service", county)

    def it_is(self, moment: str) -> None:
        """Let it be this moment in legal local time, for the site."""
        simulated.it_is(datetime.fromisoformat(moment).replace(tzinfo=ZONE))

    def resident(self, name: str, **facts: Any) -> Person:
        """Return a resident of the county with an account."""
        return a_resident(name, division_code=self.county, **facts)

    def officer(self, name: str, kind: str, *posts: str) -> Officer:
        """Return an officer on posts in the county's unit of a kind."""
        return an_officer(name, unit=a_unit(kind, self.county), posts=posts)

    def visitor(self, who: Person | Officer | None = None, width: int = 0, **window: Any) -> Visitor:
        """Put somebody at a window: residents at a phone, officers at a desk."""
        account = who.account if who else None
        usual = DESK if isinstance(who, Officer) else PHONE
        visitor = Visitor(
            self.browser,
            self.home,
            width or usual,
            name=account.username if account else "",
            password=PASSWORD,
            **window,
        )
        self.visitors.append(visitor)
        return visitor

    def work_off_jobs(self) -> None:
        """Let the worker do what is due."""
        work_off_jobs()


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """A real browser; skipped where there is none, required where ``CI`` is set."""
    if not is_ready(Path(settings.NODE_MODULES)):
        if os.environ.get("CI"):
            pytest.fail("Chromium and the front-end packages are required in CI.")
        pytest.skip("no Chromium or no front-end packages here")
    # Playwright keeps an event loop in this thread, in which Django would refuse to ask the database anything.
    with pytest.MonkeyPatch.context() as environment, chromium() as started:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield started


@pytest.fixture(scope="package")
def home(browser: Any, worker_id: str, django_db_blocker: Any) -> Iterator[str]:
    """Address of a site on a database of its own, with every pack; what journeys do there stays until all are over."""
    with django_db_blocker.unblock(), database_of_its_own(f"journeys_{worker_id}"):
        LoadPacks.do(Actor.system("test"), paths=[PACKS])
        with served() as address:
            yield address


@pytest.fixture
def town(browser: Any, home: str, django_db_blocker: Any) -> Iterator[Town]:
    """A county on a Monday morning."""
    from shuzheng.engines.vocabulary.models import Division

    with django_db_blocker.unblock():
        counties = Division.objects.filter(level=3).order_by("code").values_list("code", flat=True)
        place = Town(browser, home, str(counties[next(COUNTIES)]))
        with at(datetime.fromisoformat(MONDAY).replace(tzinfo=ZONE)):
            place.it_is(MONDAY)
            yield place
        for visitor in place.visitors:
            visitor.leave()
        simulated.it_is(None)
