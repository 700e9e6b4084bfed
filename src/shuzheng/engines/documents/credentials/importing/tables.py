"""A table as people keep it, CSV or XLSX, as rows of text; bounded, and nothing in it is computed or fetched."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from shuzheng.kernel.error import InvalidInput

MOST_BYTES = 8 * 1024 * 1024
#: Bytes that an XLSX may unpack to.
MOST_UNPACKED = 50 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 10_000, 60
LONGEST = 2_000
_TOO_LARGE = _("超过 8 MB，请分成几个文件")
XLSX = b"PK\x03\x04"


class TableUnreadable(InvalidInput):
    """The file is no table that can be read."""

    code = "table-unreadable"
    message = _("这个文件不能读：{why}。没有登记任何证照。请用本页下载的模板另存为 CSV 或 XLSX 后重试。")

    def __init__(self, why: object) -> None:
        super().__init__(message=str(self.message).format(why=why))


def read_file(file: IO[bytes], size: int) -> list[list[str]]:
    """Return the rows of a file of a known size, which is looked at before anything is read. Raises TableUnreadable."""
    if size > MOST_BYTES:
        raise TableUnreadable(_TOO_LARGE)
    return read_table(file.read(MOST_BYTES + 1))


def read_table(data: bytes) -> list[list[str]]:
    """Return the rows that say anything, cells trimmed. Raises TableUnreadable."""
    if len(data) > MOST_BYTES:
        raise TableUnreadable(_TOO_LARGE)
    rows = _xlsx(data) if data.startswith(XLSX) else _csv(data)
    kept: list[list[str]] = []
    for row in rows:
        cells = [_text(cell) for cell in row]
        if any(cells):
            kept.append(_trimmed(cells[:MOST_COLUMNS]))
        if len(kept) > MOST_ROWS + 1:
            raise TableUnreadable(_("超过 10000 行，请分成几个文件"))
    if len(kept) < 2:
        raise TableUnreadable(_("没有数据行"))
    return kept


def rows_of(table: list[list[str]]) -> list[dict[str, str]]:
    """Return the rows under the heading, each by the heading's words."""
    heading = table[0]
    return [dict(zip(heading, [*row, *[""] * len(heading)], strict=False)) for row in table[1:]]


def _csv(data: bytes) -> Iterable[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise TableUnreadable(_("不是文字表格"))
    if "\0" in text:
        raise TableUnreadable(_("不是文字表格"))
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        raise TableUnreadable(_("引号或分隔符不成对")) from None


def _xlsx(data: bytes) -> Iterable[Iterable[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise TableUnreadable(_("解开后太大"))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        # The sheet may claim any size; what is asked for is bounded.
        return list(sheet.iter_rows(max_row=MOST_ROWS + 3, max_col=MOST_COLUMNS, values_only=True))
    except TableUnreadable:
        raise
    except Exception as problem:
        raise TableUnreadable(_("不是完整的 XLSX 表格")) from problem


def _trimmed(cells: list[str]) -> list[str]:
    """Return cells without the empty ones at the end."""
    return cells[: max(n for n, cell in enumerate(cells, 1) if cell)] if any(cells) else []


def _text(cell: Any) -> str:
    """Return a cell as text: days as ISO dates, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip().removeprefix("\t").strip()[:LONGEST]
