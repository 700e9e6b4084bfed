"""The acquirer's SQLite file."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
    number TEXT PRIMARY KEY, token TEXT UNIQUE, trade_number TEXT, amount INTEGER, subject TEXT, notify_url TEXT,
    return_url TEXT, expires_at TEXT, state TEXT, at TEXT, created_at TEXT);
CREATE TABLE IF NOT EXISTS refunds (
    number TEXT PRIMARY KEY, "order" TEXT, trade_number TEXT, amount INTEGER, state TEXT, at TEXT);
CREATE TABLE IF NOT EXISTS transfers (
    number TEXT PRIMARY KEY, batch TEXT, payee TEXT, account TEXT, amount INTEGER, trade_number TEXT, state TEXT,
    reason TEXT, at TEXT);
CREATE TABLE IF NOT EXISTS notices (
    id INTEGER PRIMARY KEY, url TEXT, body TEXT, due REAL, attempts INTEGER DEFAULT 0, taken INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS faults (name TEXT PRIMARY KEY, value TEXT);
"""


class Database:
    """An SQLite file, used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open or make the file."""
        self._lock = threading.RLock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.row_factory = sqlite3.Row
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Hold the store for one transaction."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                self._database.execute("ROLLBACK")
                raise

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """Return rows as dictionaries."""
        with self._lock:
            return [dict(row) for row in self._database.execute(sql, values)]

    def one(self, sql: str, *values: Any) -> dict[str, Any] | None:
        """Return the first row, or ``None``."""
        return next(iter(self.rows(sql, *values)), None)
