"""Packs and people for casework's tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.casework.models import Case
from shuzheng.engines.documents.models import ScanStatus, StoredFile
from shuzheng.engines.identity.models import Officer
from shuzheng.kernel.actor import Actor
from shuzheng.testing.casework import file_case
from shuzheng.testing.identity import a_resident, a_unit, actor_of_officer, actor_of_person, an_officer
from shuzheng.testing.packs import install_packs, some_divisions

ROOT = Path(__file__).parents[3]


@pytest.fixture
def packs(db: None) -> None:
    """Load the vocabulary, the generic matter and a permit for tests."""
    some_divisions()
    install_packs(ROOT / "packs/base", ROOT / "packs/public-service/generic-matter", Path(__file__).parent / "pack")


@dataclass
class Bureau:
    """The officers of one bureau, one post each."""

    officers: dict[str, Officer]

    def __getattr__(self, post: str) -> Actor:
        """Return the officer on a post, on duty."""
        return actor_of_officer(self.officers[post])


def a_bureau(kind: str = "market-supervision") -> Bureau:
    """Return a bureau of 章贡区 with an officer on every post."""
    unit = a_unit(kind)
    posts = ("acceptor", "handler", "approver", "inspector", "leader", "supervisor")
    return Bureau({post: an_officer(f"{post}-{kind}", unit=unit, posts=[post]) for post in posts})


@pytest.fixture
def bureau(packs: None) -> Bureau:
    """Return 章贡区市场监督管理局."""
    return a_bureau()


@pytest.fixture
def resident(packs: None) -> Actor:
    """Return a resident acting for herself."""
    return actor_of_person(a_resident("李梅"))


@pytest.fixture
def case(bureau: Bureau, resident: Actor) -> Case:
    """Return a permit just applied for."""
    return file_permit(resident)


def file_permit(resident: Actor) -> Case:
    """Return a permit applied for now, its photograph to follow."""
    return file_case(resident, "test-permit", materials=[{"code": "photo", "way": "later"}])


@pytest.fixture
def a_file(tmp_path: Path, settings: Any) -> Callable[[Actor], str]:
    """Return a function that stores a small file of an actor's and returns its id."""
    settings.HOME = tmp_path

    def store(actor: Actor) -> str:
        number = StoredFile.objects.count()
        file = StoredFile.objects.create(
            name=f"photo-{number}.jpg",
            content_type="image/jpeg",
            size=10,
            sm3=f"{number:064x}",
            storage_key=f"{number:064x}",
            owner_account_id=actor.account_id,
            scan_status=ScanStatus.CLEAN,
        )
        return str(file.pk)

    return store
