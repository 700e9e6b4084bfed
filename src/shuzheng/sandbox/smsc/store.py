"""What the centre took, in an SQLite file of its own; and how it has been told to misbehave."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from threading import Lock
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS sms (
    id INTEGER PRIMARY KEY, protocol TEXT, out_id TEXT, mobile TEXT, text TEXT, part INTEGER, parts INTEGER,
    taken_at REAL, report TEXT, report_due REAL, reports_sent INTEGER DEFAULT 0, acknowledged INTEGER DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS sms_out_id ON sms (protocol, out_id) WHERE out_id <> '';
CREATE TABLE IF NOT EXISTS fault (protocol TEXT PRIMARY KEY, mode TEXT, delay REAL, reports INTEGER, outcome TEXT);
"""
#: A number that ends so never gets anything; one that ends in 0001 does not exist.
UNREACHABLE, UNKNOWN = "0000", "0001"


@dataclass(frozen=True)
class Fault:
    """How one of the two doors behaves: ``ok``, ``hang``, ``refuse``, ``lose`` or ``drop`` (takes it, and is gone before it says so)."""

    mode: str = "ok"
    #: Seconds until the receipt.
    delay: float = 0.0
    #: How often the receipt is sent.
    reports: int = 1
    #: ``delivered`` or ``failed``.
    outcome: str = "delivered"


class Store:
    """The centre's memory; every call is one short transaction, from any thread."""

    def __init__(self, path: str) -> None:
        """Open or create the file."""
        self.path, self.lock = path, Lock()
        with self._open() as database:
            database.executescript(SCHEMA)

    def take(self, protocol: str, mobile: str, text: str, *, out_id: str = "", part: int = 1, parts: int = 1) -> int:
        """Keep an SMS and return its id; one that came before under the same ``out_id`` is not kept twice."""
        fault = self.fault(protocol)
        lost = fault.mode == "lose"
        outcome = "failed" if mobile.endswith(UNREACHABLE) else fault.outcome
        due = None if lost or fault.reports == 0 else time.time() + fault.delay
        with self.lock, self._open() as database:
            known = (
                out_id
                and database.execute(
                    "SELECT id FROM sms WHERE protocol = ? AND out_id = ?", (protocol, out_id)
                ).fetchone()
            )
            if known:
                return known[0]
            row = (protocol, out_id, mobile, text, part, parts, time.time(), outcome, due)
            return (
                database.execute(
                    "INSERT INTO sms (protocol, out_id, mobile, text, part, parts, taken_at, report, report_due)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    row,
                ).lastrowid
                or 0
            )

    def due_reports(self, protocol: str) -> list[dict[str, Any]]:
        """Return the SMS whose receipts are due and not acknowledged as often as they are to be sent."""
        wanted = max(1, self.fault(protocol).reports)
        return self._rows(
            "SELECT * FROM sms WHERE protocol = ? AND report_due <= ? AND acknowledged < ? ORDER BY id LIMIT 500",
            protocol,
            time.time(),
            wanted,
        )

    def reported(self, id: int, *, acknowledged: bool) -> None:
        """Note that a receipt was sent, and whether it was acknowledged."""
        with self.lock, self._open() as database:
            database.execute(
                "UPDATE sms SET reports_sent = reports_sent + 1, acknowledged = acknowledged + ? WHERE id = ?",
                (int(acknowledged), id),
            )

    def fault(self, protocol: str) -> Fault:
        """Return how a door behaves."""
        rows = self._rows("SELECT mode, delay, reports, outcome FROM fault WHERE protocol = ?", protocol)
        return Fault(**rows[0]) if rows else Fault()

    def misbehave(self, protocol: str, fault: Fault) -> None:
        """Let a door behave so from now on."""
        with self.lock, self._open() as database:
            row = (protocol, fault.mode, fault.delay, fault.reports, fault.outcome)
            database.execute("INSERT OR REPLACE INTO fault VALUES (?, ?, ?, ?, ?)", row)

    def latest(self, limit: int = 200) -> list[dict[str, Any]]:
        """Return what was taken last."""
        return self._rows("SELECT * FROM sms ORDER BY id DESC LIMIT ?", limit)

    def _rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        with self.lock, self._open() as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(statement, values)]

    def _open(self) -> _Transaction:
        return _Transaction(self.path)


class _Transaction:
    """A connection for one transaction, closed after it."""

    def __init__(self, path: str) -> None:
        self.database = sqlite3.connect(path, timeout=10)

    def __enter__(self) -> sqlite3.Connection:
        return self.database

    def __exit__(self, kind: object, *_rest: object) -> None:
        with closing(self.database):
            if kind is None:
                self.database.commit()
