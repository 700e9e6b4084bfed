"""Fixtures of licences' tests: a bureau with its seal, which its processes may use, a restaurant and its owner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shuzheng.testing.credentials import World, a_world


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """A storage of this test's own."""
    settings.HOME = tmp_path
    settings.ANTIVIRUS = "none"
    return tmp_path


@pytest.fixture
def world(db: None) -> World:
    """A bureau that can issue licences, and a firm that can hold one."""
    return a_world()
