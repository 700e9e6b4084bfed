"""Rows of the hot path, read and written by SQL that is composed once per model instead of once per statement.

Everything else uses the ORM. Rows are sent as JSON, so that any number of rows of any number of tables is one statement,
and each statement is prepared, so that a connection that is kept parses and plans it once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, TypeVar, cast

import orjson
from django.db import DEFAULT_DB_ALIAS, connections, models

from shuzheng.kernel.postgresql.base import DatabaseWrapper

M = TypeVar("M", bound=models.Model)
N = TypeVar("N", bound=models.Model)
Row = models.Model
#: Rows of one table and the names of their fields that changed.
Changed = tuple[Sequence[Row], Sequence[str]]
#: A statement that changes rows, and its parameters.
Step = tuple[str, Sequence[Any]]
Reader = Callable[[Any, Any, Any], Any]
Writer = Callable[[Any, Any], Any]
_INSERT = "INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, %s)"
_UPDATE = "UPDATE {table} SET {changes} FROM json_populate_recordset(NULL::{table}, %s) AS new WHERE {table}.{key} = new.{key}"
_SELECT_WITH = "SELECT {names} FROM {table} LEFT JOIN {other} ON {other}.{key} = {table}.{on} WHERE {conditions}"
_SELECT_LOCKED = "SELECT {names} FROM {table} JOIN {other} ON {other}.{key} = {table}.{on} WHERE {conditions} FOR UPDATE OF {other}, {table}"
_SELECT = "SELECT {names} FROM {table} WHERE {conditions}"


def _database() -> DatabaseWrapper:
    """Return this thread's connection itself, since each look through ``django.db.connection`` searches for it anew."""
    return cast(DatabaseWrapper, connections[DEFAULT_DB_ALIAS])


def write(new: Iterable[Row] = (), changed: Iterable[Changed] = (), further: Iterable[Step] = ()) -> None:
    """Insert new rows, update changed ones and take further steps, of any tables, in one statement; no row may be both.

    For fields whose value is their attribute: none that computes itself on saving (``auto_now``), and no ranges.
    """
    database = _database()
    steps: list[str] = []
    parameters: list[Any] = []
    inserted = list(new)
    for model, rows in _by_model(inserted).items():
        steps.append(_insertion(model))
        parameters.append(_json(rows, model, database))
    for rows, names in changed:
        if rows:
            model = type(rows[0])
            steps.append(_change(model, tuple(names)))
            parameters.append(_json(rows, model, database, names))
    for statement, values in further:
        steps.append(statement)
        parameters += values
    if not steps:
        return
    named = ", ".join(f"step_{number} AS ({step})" for number, step in enumerate(steps))
    with database.prepared() as cursor:
        cursor.execute(f"WITH {named} SELECT", parameters)
    for row in inserted:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def find(model: type[M], **key: Any) -> M | None:
    """Return the row whose fields equal these values, or ``None``."""
    return next(iter(find_all(model, **key)), None)


def find_all(model: type[M], *, lock: bool = False, **key: Any) -> list[M]:
    """Return the rows whose fields equal these values, in no order; ``lock`` keeps others from changing them."""
    names, readers = _columns(model)
    database = _database()
    with database.prepared() as cursor:
        cursor.execute(_selection(model, tuple(key)) + (" FOR UPDATE" if lock else ""), list(key.values()))
        found = cursor.fetchall()
    return [model.from_db(DEFAULT_DB_ALIAS, names, _read(row, readers, database)) for row in found]


def find_with(model: type[M], other: type[N], on: str, *, lock: bool = False, **key: Any) -> tuple[M | None, N | None]:
    """Return the row whose fields equal these values and, in the same statement, the row whose key its field ``on`` holds.

    ``lock`` keeps others from changing the two, the joined row first; the row without the other is not found then.
    """
    names, readers = _columns(model)
    other_names, other_readers = _columns(other)
    database = _database()
    with database.prepared() as cursor:
        cursor.execute(_joint(model, other, on, tuple(key), lock), list(key.values()))
        found = cursor.fetchone()
    if found is None:
        return None, None
    row, joined = found[: len(names)], found[len(names) :]
    return (
        model.from_db(DEFAULT_DB_ALIAS, names, _read(row, readers, database)),
        None
        if not any(joined)
        else other.from_db(DEFAULT_DB_ALIAS, other_names, _read(joined, other_readers, database)),
    )


def _by_model(rows: Iterable[Row]) -> dict[type[Row], list[Row]]:
    groups: dict[type[Row], list[Row]] = {}
    for row in rows:
        groups.setdefault(type(row), []).append(row)
    return groups


def _json(rows: Iterable[Row], model: type[Row], database: DatabaseWrapper, names: Sequence[str] = ()) -> str:
    """Return rows as JSON; what ``default=str`` writes, the column's own type reads again."""
    writers = _writers(model, tuple(names))
    written = [
        {
            column: write(getattr(row, name), database) if write else getattr(row, name)
            for column, name, write in writers
        }
        for row in rows
    ]
    return orjson.dumps(written, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


@cache
def _writers(model: type[Row], names: tuple[str, ...]) -> list[tuple[str, str, Writer | None]]:
    """Return column and attribute of the key and the named fields (all if none is named), and what seals a field."""
    chosen = [model._meta.pk, *map(model._meta.get_field, names)] if names else _given(model)
    fields = cast(Sequence[Any], chosen)
    return [(field.column, field.attname, field.get_db_prep_save if _is_own(field) else None) for field in fields]


def _is_own(field: Any) -> bool:
    """Say whether a field is not one of Django's plain ones, whose values JSON holds as they are."""
    return not type(field).__module__.startswith("django.db.models")


def _read(row: Sequence[Any], readers: Sequence[tuple[int, Reader]], database: DatabaseWrapper) -> list[Any]:
    values = list(row)
    for place, reader in readers:
        values[place] = reader(values[place], None, database)
    return values


@cache
def _columns(model: type[Row]) -> tuple[list[str], list[tuple[int, Reader]]]:
    """Return the attributes of a row in the order of its columns, and the readers of those that need one."""
    fields = model._meta.concrete_fields
    readers = [(place, getattr(field, "from_db_value", None)) for place, field in enumerate(fields)]
    return [field.attname for field in fields], [(place, cast(Reader, reader)) for place, reader in readers if reader]


@cache
def _insertion(model: type[Row]) -> str:
    return _INSERT.format(table=_quoted(model._meta.db_table), names=_names(_given(model)))


@cache
def _change(model: type[Row], names: tuple[str, ...]) -> str:
    changes = ", ".join(f"{_column(model, name)} = new.{_column(model, name)}" for name in names)
    return _UPDATE.format(table=_quoted(model._meta.db_table), key=_column(model, "pk"), changes=changes)


@cache
def _selection(model: type[Row], key: tuple[str, ...]) -> str:
    conditions = " AND ".join(f"{_column(model, name)} = %s" for name in key)
    return _SELECT.format(
        table=_quoted(model._meta.db_table), names=_names(model._meta.concrete_fields), conditions=conditions
    )


@cache
def _joint(model: type[Row], other: type[Row], on: str, key: tuple[str, ...], lock: bool) -> str:
    table, joined = _quoted(model._meta.db_table), _quoted(other._meta.db_table)
    own, others = (_names(of._meta.concrete_fields, within=f"{_quoted(of._meta.db_table)}.") for of in (model, other))
    return (_SELECT_LOCKED if lock else _SELECT_WITH).format(
        names=f"{own}, {others}",
        table=table,
        other=joined,
        key=_column(other, "pk"),
        on=_column(model, on),
        conditions=" AND ".join(f"{table}.{_column(model, name)} = %s" for name in key),
    )


def _given(model: type[Row]) -> list[Any]:
    """Return the fields of a new row; a key that counts by itself is left to the database."""
    return [field for field in model._meta.concrete_fields if field is not model._meta.auto_field]


def _names(fields: Iterable[Any], within: str = "") -> str:
    return ", ".join(within + _quoted(field.column) for field in fields)


def _column(model: type[Row], name: str) -> str:
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return _quoted(cast(Any, field).column)


def _quoted(name: str) -> str:
    return _database().ops.quote_name(name)
