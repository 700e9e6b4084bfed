"""Rows of the hot path, read and written by SQL that is composed once per model instead of once per statement.

Everything else uses the ORM. Rows are sent as JSON, so that any number of rows of any number of tables is one statement.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from django.db import connection, models

M = TypeVar("M", bound=models.Model)
Row = models.Model
#: Rows of one table and the names of their fields that changed.
Changed = tuple[Sequence[Row], Sequence[str]]
Reader = Callable[[Any, Any, Any], Any]
Writer = Callable[[Any, Any], Any]
_INSERT = "INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, %s)"
_UPDATE = "UPDATE {table} SET {changes} FROM json_populate_recordset(NULL::{table}, %s) AS new WHERE {table}.{key} = new.{key}"
_SELECT = "SELECT {names} FROM {table} WHERE {conditions}"


def write(new: Iterable[Row] = (), changed: Iterable[Changed] = ()) -> None:
    """Insert new rows and update changed ones, of any tables, in one statement; no row may be both.

    For fields whose value is their attribute: none that computes itself on saving (``auto_now``), and no ranges.
    """
    steps: list[str] = []
    parameters: list[str] = []
    inserted = list(new)
    for model, rows in _by_model(inserted).items():
        steps.append(_insertion(model))
        parameters.append(_json(rows, model))
    for rows, names in changed:
        if rows:
            model = type(rows[0])
            steps.append(_change(model, tuple(names)))
            parameters.append(_json(rows, model, names))
    if not steps:
        return
    named = ", ".join(f"step_{number} AS ({step})" for number, step in enumerate(steps))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {named} SELECT", parameters)
    for row in inserted:
        row._state.adding, row._state.db = False, connection.alias


def find(model: type[M], **key: Any) -> M | None:
    """Return the row whose fields equal these values, or ``None``."""
    return next(iter(find_all(model, **key)), None)


def find_all(model: type[M], *, lock: bool = False, **key: Any) -> list[M]:
    """Return the rows whose fields equal these values, in no order; ``lock`` keeps others from changing them."""
    names, readers = _columns(model)
    with connection.cursor() as cursor:
        cursor.execute(_selection(model, tuple(key)) + (" FOR UPDATE" if lock else ""), list(key.values()))
        found = cursor.fetchall()
    return [model.from_db(connection.alias, names, _read(row, readers)) for row in found]


def _by_model(rows: Iterable[Row]) -> dict[type[Row], list[Row]]:
    groups: dict[type[Row], list[Row]] = {}
    for row in rows:
        groups.setdefault(type(row), []).append(row)
    return groups


def _json(rows: Iterable[Row], model: type[Row], names: Sequence[str] = ()) -> str:
    """Return rows as JSON; what ``default=str`` writes, the column's own type reads again."""
    writers = _writers(model, tuple(names))
    return json.dumps(
        [
            {
                column: write(getattr(row, name), connection) if write else getattr(row, name)
                for column, name, write in writers
            }
            for row in rows
        ],
        ensure_ascii=False,
        default=str,
    )


@cache
def _writers(model: type[Row], names: tuple[str, ...]) -> list[tuple[str, str, Writer | None]]:
    """Return column and attribute of the key and the named fields (all if none is named), and what seals a field."""
    chosen = [model._meta.pk, *map(model._meta.get_field, names)] if names else _given(model)
    fields = cast(Sequence[Any], chosen)
    return [(field.column, field.attname, field.get_db_prep_save if _is_own(field) else None) for field in fields]


def _is_own(field: Any) -> bool:
    """Say whether a field is not one of Django's plain ones, whose values JSON holds as they are."""
    return not type(field).__module__.startswith("django.db.models")


def _read(row: Sequence[Any], readers: Sequence[tuple[int, Reader]]) -> list[Any]:
    values = list(row)
    for place, reader in readers:
        values[place] = reader(values[place], None, connection)
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


def _given(model: type[Row]) -> list[Any]:
    """Return the fields of a new row; a key that counts by itself is left to the database."""
    return [field for field in model._meta.concrete_fields if field is not model._meta.auto_field]


def _names(fields: Iterable[Any]) -> str:
    return ", ".join(_quoted(field.column) for field in fields)


def _column(model: type[Row], name: str) -> str:
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return _quoted(cast(Any, field).column)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
