"""Reading a list of payees (发放名单): every bad row is named, and a list with one is not taken at all. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from shuzheng.engines.payment.money import fen, yuan
from shuzheng.kernel.error import FieldProblem

HEADING = ("姓名", "账号", "金额")
#: Rows of one list.
MOST = 10_000


@dataclass(frozen=True)
class Payee:
    """One row: who gets how much on which account."""

    name: str
    account: str
    #: In fen.
    amount: int


def read(text: str, most: int) -> tuple[list[Payee], list[FieldProblem]]:
    """Return the payees of a CSV text and what is wrong with it; ``most`` is the limit for one person in fen."""
    try:
        rows = [row for row in csv.reader(text.lstrip("\ufeff").splitlines()) if any(cell.strip() for cell in row)]
    except csv.Error:
        return [], [FieldProblem("rows", _("名单不是可以读取的 CSV 文件。"))]
    if not rows or tuple(cell.strip() for cell in rows[0][:3]) != HEADING:
        return [], [FieldProblem("rows", _("第一行应当是：姓名,账号,金额"))]
    if not 1 < len(rows) <= MOST + 1:
        return [], [FieldProblem("rows", _("名单应有 1 到 {most} 行。").format(most=MOST))]
    payees: list[Payee] = []
    problems: list[FieldProblem] = []
    seen: dict[str, int] = {}
    for place, row in enumerate(rows[1:], 2):
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
    if not (account.isascii() and account.isalnum() and 6 <= len(account) <= 40):
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
