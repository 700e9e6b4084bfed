"""The engine; Django looks for it under this name."""

from __future__ import annotations

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus


class PreparedCursor(psycopg.Cursor[Any]):
    """A cursor whose every statement is prepared on the server at its first execution."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> Any:
        """Execute a statement whose text is one of few."""
        return super().execute(query, params, prepare=True)

    def _send_query_prepared(self, name: bytes, pgq: Any, **options: Any) -> None:
        self._query = pgq  # what Django's record of queries shows
        super()._send_query_prepared(name, pgq, **options)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL."""

    def prepared(self) -> Any:
        """Return a cursor for statements whose texts are few and whose parameters the server binds."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        whole: Any = self  # Django's own cursors are dressed by a method that its types leave out
        return whole._prepare_cursor(PreparedCursor(whole.connection))

    def is_usable(self) -> bool:
        """Say whether the server still holds the connection.

        It closes one with a word on the socket, so a socket with nothing to read is one that is open; asking the server
        would cost every request a round trip.
        """
        kept = self.connection
        if kept is None or kept.pgconn.status != ConnStatus.OK:
            return False
        poll = select.poll()
        poll.register(kept.fileno(), select.POLLIN)
        return not poll.poll(0)
