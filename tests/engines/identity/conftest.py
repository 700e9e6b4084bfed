"""What the tests of identity share: a mother, her daughter, an administrator of security."""

from __future__ import annotations

import pytest
from django.test import Client

from shuzheng.engines.identity.models import Officer, Person
from shuzheng.testing.identity import a_browser, a_resident, a_role, an_officer


@pytest.fixture
def mother(db: None) -> Person:
    """Return a resident of 78."""
    return a_resident("王桂英", born="1948-03-02")


@pytest.fixture
def daughter(db: None) -> Person:
    """Return her daughter."""
    return a_resident("李梅", born="1975-05-20")


@pytest.fixture
def security(db: None) -> Officer:
    """Return the security administrator of the whole province."""
    role = a_role("security-administrator", ["identity.manage_roles", "identity.manage_accounts"], administrator=True)
    return an_officer("赵安", posts=[], roles=[role])


@pytest.fixture
def daughters_browser(daughter: Person) -> Client:
    """Return a browser in which the daughter has signed in with her password."""
    return a_browser(daughter.account)
