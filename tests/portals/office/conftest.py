"""A bureau with officers who have signed in, and cases of the generic matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client

from shuzheng.engines.casework.models import Case
from shuzheng.engines.identity.models import Officer, OrgUnit
from shuzheng.kernel.actor import Actor
from shuzheng.testing.casework import file_case
from shuzheng.testing.identity import (
    a_browser,
    a_resident,
    a_role,
    a_unit,
    actor_of_officer,
    actor_of_person,
    an_officer,
)
from shuzheng.testing.packs import install_packs, some_divisions

ROOT = Path(__file__).parents[3]
OTHER_COUNTY = "360403000000"


@dataclass
class Desk:
    """An officer with a browser that has signed in."""

    officer: Officer
    browser: Client

    @property
    def actor(self) -> Actor:
        """Return the officer on duty."""
        return actor_of_officer(self.officer)

    def get(self, url: str, **query: str):
        """Open a page."""
        return self.browser.get(url, query)

    def post(self, url: str, **data: object):
        """Send a form."""
        return self.browser.post(url, data)


@pytest.fixture(autouse=True)
def packs(db: None) -> None:
    """Load the vocabulary and the generic matter."""
    some_divisions()
    install_packs(ROOT / "packs/base", ROOT / "packs/public-service/generic-matter")


@pytest.fixture
def unit() -> OrgUnit:
    """Return 章贡区政务服务中心."""
    return a_unit("government-service", name="章贡区政务服务中心")


@pytest.fixture
def desk_of(unit: OrgUnit) -> Callable[..., Desk]:
    """Return a function that makes an officer with posts and permissions, signed in."""

    def make(
        name: str,
        posts: Iterable[str] = (),
        permissions: Iterable[str] = (),
        at: OrgUnit | None = None,
        scope: str = "",
    ) -> Desk:
        roles = [a_role(f"role-{name}", permissions)] if permissions else []
        officer = an_officer(name, unit=at or unit, posts=posts, roles=roles, scope=scope)
        return Desk(officer, a_browser(officer.account))

    return make


@pytest.fixture
def clerk(desk_of: Callable[..., Desk]) -> Desk:
    """Return an officer who accepts, examines and decides."""
    return desk_of("张敏", posts=["acceptor", "handler", "approver"])


@pytest.fixture
def resident() -> Actor:
    """Return a resident acting for herself."""
    return actor_of_person(a_resident("王桂英", mobile="13812345678"))


@pytest.fixture
def case(clerk: Desk, resident: Actor) -> Case:
    """Return a case just filed."""
    return file_case(resident)
