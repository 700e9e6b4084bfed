"""The limit for filing: the very rows that a real filing leaves, inserted by bare psycopg and committed durably.

One INSERT for each table, prepared once; nothing is validated, computed or read. The rows are spread over as many
processes as the web has, so that neither side waits for one interpreter.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from shuzheng.kernel.id import new_id

#: Tables that a filing writes, with the condition that finds its rows.
TABLES = {
    "casework_case": "id = %(case)s",
    "casework_clock": "case_id = %(case)s",
    "casework_clockfact": "case_id = %(case)s",
    "casework_task": "case_id = %(case)s",
    "casework_casestatus": "case_id = %(case)s",
    "kernel_eventrecord": "subject = %(case)s::text",
    "procrastinate_jobs": "args #>> '{event,subject}' = %(case)s::text",
    "trust_auditrecord": "case_id = %(case)s",
}
#: Columns that the database fills.
GIVEN = {"procrastinate_jobs": {"id"}, "trust_auditrecord": {"id"}}
COLUMNS = (
    "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
    "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
)
#: Time that all processes have to connect before they begin together.
LEAD = 1.0


@dataclass
class Footprint:
    """What one filing left behind: an INSERT with its values for each table."""

    conninfo: str
    inserts: list[tuple[str, list[Any]]] = field(default_factory=list)
    #: Keys and number, which every repetition has its own of.
    own: set[Any] = field(default_factory=set)

    def repeat(self, connection: psycopg.Connection, number: str) -> None:
        """Insert the rows once more, as another case, and commit."""
        fresh: dict[Any, Any] = {value: new_id() if isinstance(value, UUID) else number for value in self.own}
        with connection.transaction():
            for statement, values in self.inserts:
                renamed = [fresh.get(v, v) if isinstance(v, UUID | str) else v for v in values]
                connection.execute(statement.encode(), renamed, prepare=True)


def footprint(conninfo: str, case_id: str) -> Footprint:
    """Read what a filing left behind."""
    found = Footprint(conninfo)
    with psycopg.connect(conninfo) as connection:
        for table, condition in TABLES.items():
            columns = [
                (name, kind)
                for name, kind in connection.execute(COLUMNS, [table]).fetchall()
                if name not in GIVEN.get(table, ())
            ]
            names = ", ".join(name for name, _kind in columns)
            select = f"SELECT {names} FROM {table} WHERE {condition}".encode()
            rows = connection.execute(select, {"case": UUID(case_id)}).fetchall()
            line = "(" + ", ".join(f"%s::{kind}" for _name, kind in columns) + ")"
            kinds = [kind for _name, kind in columns]
            values = [_adapted(v, kind) for row in rows for v, kind in zip(row, kinds, strict=True)]
            found.inserts.append((f"INSERT INTO {table} ({names}) VALUES {', '.join([line] * len(rows))}", values))
            found.own |= {row[0] for row in rows if isinstance(row[0], UUID)}
            if table == "casework_case":
                found.own.add(rows[0][1])
    return found


def _adapted(value: Any, kind: str) -> Any:
    """Return a value as the driver takes it for a column: JSON as such, arrays as they are."""
    return Jsonb(value) if isinstance(value, dict | list) and not kind.endswith("[]") else value


@contextmanager
def inserters(count: int) -> Iterator[ProcessPoolExecutor]:
    """Keep so many processes for inserting."""
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        yield pool


def rate(pool: ProcessPoolExecutor, prints: Footprint, *, processes: int, threads: int, seconds: float) -> float:
    """Return filings per second with as many connections as the web has."""
    begin = time.time() + LEAD
    given = [(prints, threads, begin, seconds, f"{begin:.0f}{process}") for process in range(processes)]
    return sum(pool.map(_insert, given))


def _insert(given: tuple[Footprint, int, float, float, str]) -> float:
    """Insert on several connections of one process and return filings per second."""
    prints, threads, begin, seconds, name = given
    connections = [psycopg.connect(prints.conninfo, autocommit=True) for _ in range(threads)]
    numbers, counts = itertools.count(), [0] * threads

    def work(place: int) -> None:
        while time.time() < begin + seconds:
            prints.repeat(connections[place], f"{name}-{next(numbers)}")
            counts[place] += 1

    time.sleep(max(0.0, begin - time.time()))
    workers = [threading.Thread(target=work, args=(place,)) for place in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    elapsed = time.time() - begin
    for connection in connections:
        connection.close()
    return sum(counts) / elapsed
