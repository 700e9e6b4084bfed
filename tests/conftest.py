"""Fixtures for every test. The database server itself comes from ``shuzheng.testing.server``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _definitions_forgotten() -> Iterator[None]:
    """Definitions are cached per process; a rolled-back test must not leave its own behind."""
    yield
    from shuzheng.kernel import caching, definition

    definition.forget()
    caching.forget_remembered()


@pytest.fixture(autouse=True)
def _language_forgotten() -> Iterator[None]:
    """A request in English leaves its language behind in the thread, as on a server until the next request."""
    yield
    from django.utils import translation

    translation.deactivate()
