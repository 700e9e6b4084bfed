"""The shipped services, officers on duty, and a way to let outcomes happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shuzheng.engines.identity.models import Officer
from shuzheng.engines.resources import counters
from shuzheng.kernel import pauses
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now
from shuzheng.kernel.outcomes import TALLY, Count, Key
from shuzheng.testing.identity import a_role, actor_of_officer, an_officer
from shuzheng.testing.packs import install_packs

ROOT = Path(__file__).parents[3]
Happen = Callable[..., None]


@pytest.fixture(autouse=True)
def services(db: None) -> Iterator[None]:
    """Install the shipped services; leave nothing paused and nothing counted behind."""
    TALLY.take()
    install_packs(ROOT / "packs/base/support-objectives")
    yield
    pauses.replace([])
    TALLY.take()


@pytest.fixture
def happen() -> Happen:
    """Return a function that lets outcomes of an action happen some minutes ago."""

    def outcomes(name: str, *, good: int = 0, bad: int = 0, ago: int = 0, seconds_class: int = 1) -> None:
        buckets = [0] * 12
        buckets[seconds_class] = good + bad
        minute = int((now() - timedelta(minutes=ago)).timestamp()) // 60 * 60
        key: Key = (name, minute)
        counters.write({key: Count(good, good + bad, buckets)})

    return outcomes


@pytest.fixture
def duty() -> Officer:
    """Return the officer on duty."""
    return an_officer("值班甲", roles=[a_role("on-duty", ["resources.operate"])])


@pytest.fixture
def operator(duty: Officer) -> Actor:
    """Return the officer on duty as an actor."""
    return actor_of_officer(duty)


@pytest.fixture
def approver() -> Actor:
    """Return somebody who approves measures and may ask for them as well."""
    role = a_role("duty-leader", ["resources.operate", "resources.approve"])
    return actor_of_officer(an_officer("带班领导", roles=[role]))
