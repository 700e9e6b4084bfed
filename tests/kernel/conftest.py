"""Fixtures for the kernel's own tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from tests.kernel import trial as trial  # its declarations register themselves


@pytest.fixture
def empty_queue(db: None) -> Iterator[None]:
    """A job queue with nothing in it, before and after: its tables are not emptied between tests that commit."""
    _empty()
    yield
    _empty()


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs cascade")
