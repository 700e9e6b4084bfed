"""Merging many rows into a table: COPY into a temporary one, then one statement that touches only what differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from psycopg import sql

from shuzheng.kernel.declaration import Counts

#: The temporary table of the merge that is under way in this transaction.
STAGE = "merging_stage"


def merge(
    model: type[models.Model], rows: Iterable[Sequence[Any]], *, key: Sequence[str], settled: Sequence[str] = ()
) -> Counts:
    """Insert new rows, update rows that differ, leave equal rows untouched; runs inside the caller's transaction.

    Each row has a value for every column in the order of the model's fields. ``key`` names the columns of a unique
    constraint. ``settled`` columns (sources, times) are written on insertion or along with a real difference, but do not
    make one. The staged rows remain in ``merging_stage`` until the transaction ends.
    """
    columns = [field.attname for field in model._meta.concrete_fields]
    own = {field.attname for field in model._meta.concrete_fields if field.primary_key}
    values = [column for column in columns if column not in {*key, *own}]
    with connection.cursor() as cursor:
        total = _stage(cursor, model, columns, rows)
        cursor.execute(_upsert(model, columns, values, key, settled))
        written = [inserted for (inserted,) in cursor.fetchall()]
    return Counts(inserted=sum(written), updated=len(written) - sum(written), unchanged=total - len(written))


def _stage(cursor: Any, model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Copy the rows into the temporary table and return how many they are."""
    stage, names = sql.Identifier(STAGE), _list(columns)
    like = sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0")
    cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(stage))
    cursor.execute(like.format(stage, names, sql.Identifier(model._meta.db_table)))
    total = 0
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(stage, names)) as copy:
        for row in rows:
            copy.write_row(row)
            total += 1
    return total


def _upsert(
    model: type[models.Model],
    columns: Sequence[str],
    values: Sequence[str],
    key: Sequence[str],
    settled: Sequence[str],
) -> sql.Composed:
    compared = [column for column in values if column not in settled]
    assigned = [sql.SQL("{0} = excluded.{0}").format(sql.Identifier(column)) for column in values]
    return sql.SQL(
        "INSERT INTO {table} AS old ({names}) SELECT {names} FROM {stage} ON CONFLICT ({key}) DO UPDATE SET {assigned} "
        "WHERE ({before}) IS DISTINCT FROM ({after}) RETURNING (xmax = 0)"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        names=_list(columns),
        stage=sql.Identifier(STAGE),
        key=_list(key),
        assigned=sql.SQL(", ").join(assigned),
        before=_list(compared, "old"),
        after=_list(compared, "excluded"),
    )


def _list(columns: Sequence[str], *table: str) -> sql.Composed:
    """Return columns, of a named table if one is given, with commas between them."""
    return sql.SQL(", ").join([sql.Identifier(*table, column) for column in columns])
