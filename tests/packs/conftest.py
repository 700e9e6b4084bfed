"""The packs as shipped, loaded once for all tests here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from shuzheng.kernel import definition
from shuzheng.kernel.actions import LoadPacks
from shuzheng.kernel.actor import Actor

PACKS = Path(__file__).resolve().parents[2] / "packs"


@pytest.fixture(scope="module")
def packs_loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Load every pack in a transaction around the module's own, so that the database is left as it was."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around._from_testcase = True
        with around:
            LoadPacks.do(Actor.system("test"), paths=[PACKS])
            yield
            transaction.set_rollback(True)
        definition.forget()


@pytest.fixture
def packs(packs_loaded: None, db: None) -> None:
    """Have every pack loaded; what a test adds is rolled back."""
