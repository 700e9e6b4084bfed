"""Stamping and stopping a seal exclude each other, in the order in which they ask.

Locks of PostgreSQL by name queue fairly: whoever stops a seal waits for the stamps that are under way and for no later
one. Row locks would not do: a row that many share may be shared by ever more while somebody waits to change it.
"""

from __future__ import annotations

from django.db import connection

_SHARED = "SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))"
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def stamping(code: str) -> None:
    """Wait for whoever changes a seal, then keep others from changing it until the transaction ends."""
    _lock(_SHARED, code)


def changing(code: str) -> None:
    """Wait for the stamps under way; later ones wait until the transaction ends, and then see what was changed."""
    _lock(_ALONE, code)


def _lock(statement: str, code: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [f"documents.seal:{code}"])
