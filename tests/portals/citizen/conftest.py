"""A resident, her mother, and a browser each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from shuzheng.engines.identity.models import Person
from shuzheng.kernel.actions import LoadPacks
from shuzheng.kernel.actor import Actor
from shuzheng.testing.identity import a_resident, a_unit

ROOT = Path(__file__).parents[3]


@pytest.fixture
def packs(db: None) -> None:
    """Load the vocabulary, the divisions and the generic matter."""
    base = [ROOT / "packs/base" / name for name in ("vocabulary", "organisations", "jiangxi-divisions")]
    LoadPacks.do(Actor.system("test"), paths=[*base, ROOT / "packs/public-service/generic-matter"])


@pytest.fixture
def daughter(packs: None) -> Person:
    """Return a resident of 章贡区 with an account; the units that handle cases there exist."""
    a_unit("government-service")
    a_unit("civil-affairs")
    return a_resident("李梅", address="红旗大道 1 号")


@pytest.fixture
def browser(daughter: Person) -> Iterator[Client]:
    """Return the daughter's browser, signed in."""
    client = Client()
    client.force_login(daughter.account)
    return client
