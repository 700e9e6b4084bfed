"""The limits that ``bench/trust.py`` compares with: the same columns by raw psycopg, without hashing or checking."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from django.db import connection

from shuzheng.engines.trust.content import COLUMNS, SALT, canonical, leaf_hash, of_entry, record_leaf
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.audit import Entry
from shuzheng.kernel.id import new_id


def entries(count: int) -> list[Entry]:
    """Return audit entries as an officer's work on cases leaves them."""
    actor = Actor(name="李四", account_id=new_id(), officer_id=new_id(), address="10.0.0.8", assurance=3)
    return [
        Entry(
            kind="act",
            name="casework.accept_case",
            actor=actor,
            subject_type="casework.case",
            subject_id=str(new_id()),
            case_id=new_id(),
            division="36.3607.360702",
            detail={"from": "filed", "to": "accepted"},
        )
        for _ in range(count)
    ]


class RawAudit:
    """Inserting, copying and reading audit rows with bare psycopg on a connection of its own."""

    def __init__(self) -> None:
        """Connect, and prepare the rows outside what is measured."""
        given: dict[str, Any] = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}
        self.connection = psycopg.connect(**given, autocommit=True)
        self.rows = [self._row(entry) for entry in entries(1000)]
        columns = ", ".join([*COLUMNS, "salt", "leaf_hash"])
        values = ", ".join(f"%s::{type_}" for type_ in [*COLUMNS.values(), "bytea", "bytea"])
        self.inserting = f"INSERT INTO trust_auditrecord ({columns}) VALUES ({values})".encode()
        self.copying = f"COPY trust_auditrecord ({columns}) FROM STDIN".encode()
        self.reading = f"SELECT {columns} FROM trust_auditrecord ORDER BY id".encode()

    def _row(self, entry: Entry) -> list[Any]:
        content = of_entry(entry)
        detail = canonical(content["detail"]).decode()
        return [*(content | {"detail": detail}).values(), bytes(SALT), leaf_hash(record_leaf(content, bytes(SALT)))]

    def insert_one(self) -> None:
        """Insert one row and commit."""
        self.connection.execute(self.inserting, self.rows[0])

    def copy(self) -> None:
        """Copy the rows and commit."""
        with (
            self.connection.cursor() as cursor,
            cursor.copy(self.copying) as copy,
        ):
            for row in self.rows:
                copy.write_row(row)

    def read(self) -> float:
        """Read everything that verifying reads, and return rows per second."""
        start, count = time.perf_counter(), 0
        with self.connection.transaction(), self.connection.cursor("all") as cursor:
            cursor.itersize = 5000
            cursor.execute(self.reading)
            for _row in cursor:
                count += 1
        return count / (time.perf_counter() - start)
