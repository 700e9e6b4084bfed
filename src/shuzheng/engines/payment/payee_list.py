"""Reading a list of payees (发放名单): every bad row is named, and a list with one is not taken at all."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from shuzheng.engines.payment.errors import BatchInvalid
from shuzheng.engines.payment.money import fen, yuan
from shuzheng.kernel.error import FieldProblem

HEADING = ("姓名", "账号", "金额")
#: Rows of one list.
MOST = 10_000
#: Bytes of a workbook when unpacked.
UNPACKED = 50_000_000
#: What stands in place of an account number that the workbook has as a number.
LOST = "#"


@dataclass(frozen=True)
class Payee:
    """One row: who gets how much on which account."""

    name: str
    account: str
    #: In fen.
    amount: int


def text_of(content: bytes) -> str:
    """Return an uploaded list as CSV text: a workbook (.xlsx), or text as Excel and others save it.

    Raises BatchInvalid for what is neither.
    """
    if content.startswith(b"PK"):
        return _workbook(content)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BatchInvalid(FieldProblem("file", _("文件不是可以读取的 CSV 或 Excel（.xlsx）。")))


def _workbook(content: bytes) -> str:
    """Return the first sheet of a workbook as CSV text, line for line, bounded."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > UNPACKED:
                raise BatchInvalid(FieldProblem("file", _("工作簿展开后太大，请只保留名单。")))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(max_row=MOST + 2, max_col=3, values_only=True):
            writer.writerow([_cell(value) for value in row])
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError, EOFError, ParseError) as problem:
        raise BatchInvalid(FieldProblem("file", _("Excel 文件无法打开，请另存为 .xlsx 或 CSV 再上传。"))) from problem
    return written.getvalue()


def _cell(value: object) -> str:
    """Return a cell as text; Excel keeps fifteen digits of a number, so a longer one is no account number any more."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and abs(value) >= 10**15:
        return LOST
    return "" if value is None else " ".join(str(value).split())


def read(text: str, most: int) -> tuple[list[Payee], list[FieldProblem]]:
    """Return the payees of a CSV text and what is wrong with it; ``most`` is the limit for one person in fen."""
    try:
        reader = csv.reader(text.lstrip("\ufeff").splitlines())
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error:
        return [], [FieldProblem("rows", _("名单不是可以读取的 CSV 文件。"))]
    if not rows or tuple(cell.strip() for cell in rows[0][1][:3]) != HEADING:
        return [], [FieldProblem("rows", _("第一行应当是：姓名,账号,金额"))]
    if not 1 < len(rows) <= MOST + 1:
        return [], [FieldProblem("rows", _("名单应有 1 到 {most} 行。").format(most=MOST))]
    payees: list[Payee] = []
    problems: list[FieldProblem] = []
    seen: dict[str, int] = {}
    for place, row in rows[1:]:
        cells = [cell.strip() for cell in (*row, "", "", "")[:3]]
        found = list(_wrong(cells, most))
        if cells[1] in seen:
            found.append(_("账号与第 {line} 行重复").format(line=seen[cells[1]]))
        seen.setdefault(cells[1], place)
        if found:
            problems.append(
                FieldProblem(f"rows.{place}", _("第 {line} 行：{what}").format(line=place, what="；".join(found)))
            )
        else:
            payees.append(Payee(cells[0], cells[1], fen(Decimal(cells[2]))))
    return payees, problems


def _wrong(cells: list[str], most: int) -> Iterator[str]:
    name, account, amount = cells
    if not 2 <= len(name) <= 100:
        yield _("姓名没有填或太长")
    if account == LOST:
        yield _("账号在表格里是数字，末尾几位已丢失；请把该列设为文本再填")
    elif not (account.isascii() and account.isalnum() and 6 <= len(account) <= 40):
        yield _("账号应为 6 到 40 位字母或数字")
    try:
        number = Decimal(amount)
        if not number.is_finite() or number <= 0 or number != number.quantize(Decimal("0.01")):
            raise InvalidOperation
    except InvalidOperation:
        yield _("金额应为大于零、最多两位小数的数")
        return
    if fen(number) > most:
        yield _("超过单人限额 {most} 元").format(most=yuan(most))
