"""Packs and people for casework's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuzheng.kernel.actions import LoadPacks
from shuzheng.kernel.actor import Actor

ROOT = Path(__file__).parents[3]


@pytest.fixture
def packs(db: None) -> None:
    """Load the vocabulary and the generic matter."""
    LoadPacks.do(
        Actor.system("test"),
        paths=[ROOT / "packs/base", ROOT / "packs/public-service/generic-matter"],
    )
