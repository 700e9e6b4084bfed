"""Existing licences of an office, taken over from a table (存量证照导入): read, examined row by row, registered or undone."""

from __future__ import annotations

from shuzheng.engines.documents.credentials.importing.columns import Column, columns_of
from shuzheng.engines.documents.credentials.importing.examining import Examined, RowProblem, examine
from shuzheng.engines.documents.credentials.importing.tables import TableUnreadable, read_file, read_table, rows_of

__all__ = [
    "Column",
    "Examined",
    "RowProblem",
    "TableUnreadable",
    "columns_of",
    "examine",
    "read_file",
    "read_table",
    "rows_of",
]
