"""Rows that the tests of a folder share: written once, seen by each test's own transaction, gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def shared_rows(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Hold a transaction open around several tests, whose own become savepoints in it, and roll it back at the end.

    For fixtures of a folder (``scope="package"``) that are slow to make; no test in the folder may need real commits.
    """
    with blocker.unblock():
        shared = transaction.atomic()
        shared.__enter__()
    try:
        yield
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            shared.__exit__(None, None, None)
