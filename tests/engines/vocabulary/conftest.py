"""Fixtures of the vocabulary's tests: the real packs, loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from shuzheng.testing.database import shared_rows

PACKS = Path(__file__).parents[3] / "packs" / "base"
#: The packs that this engine reads alone.
OWN = [PACKS / "vocabulary", PACKS / "jiangxi-divisions"]


@pytest.fixture(scope="package")
def base_packs(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """Load the shared packs around the tests' transactions; loading again changes nothing."""
    from shuzheng.kernel.actions import LoadPacks
    from shuzheng.kernel.actor import Actor

    with shared_rows(django_db_blocker):
        with django_db_blocker.unblock():
            LoadPacks.do(Actor.system("test"), paths=OWN)
        yield PACKS


@pytest.fixture
def vocabulary(base_packs: Path, db: None) -> Path:
    """Let a test read the loaded vocabulary and divisions."""
    return base_packs
