"""Reading a list of recipients that somebody uploads (收件名单): every row that is wrong is named, none is guessed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shuzheng.engines.identity.models import Person
from shuzheng.engines.identity.models.person import digest
from shuzheng.engines.messaging.definitions import MessageTemplate
from shuzheng.engines.messaging.errors import BadList
from shuzheng.engines.trust.masking import mask
from shuzheng.kernel.error import FieldProblem

#: Bytes and rows of a list at most; a longer one goes up in parts.
LARGEST, MOST = 5 * 1024 * 1024, 50_000
#: What the column of id numbers may be called.
ID_COLUMNS = ("公民身份号码", "身份证号", "证件号", "证件号码", "id_number")
#: Id numbers looked up by one statement, and wrong rows that are named.
CHUNK, MOST_NAMED = 2000, 500


@dataclass(frozen=True)
class Wrong:
    """A row that cannot be used, and why; the number is masked."""

    line: int
    number: str
    reason: str


@dataclass
class Read:
    """What a list holds."""

    #: Person and values of their own.
    people: list[tuple[UUID, dict[str, str]]] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def read(data: bytes, template: MessageTemplate | None = None) -> Read:
    """Return the people of a CSV file with a column of id numbers, or of one id number a line.

    Columns called like a placeholder, or like its title, fill it for each person. Raises BadList where nothing of it
    can be read.
    """
    rows = list(_rows(data))
    titles = _columns(template)
    found = Read()
    wanted: dict[str, tuple[int, dict[str, str]]] = {}
    for line, number, cells in rows:
        reason = _wrong(number, known=number in wanted)
        if reason:
            found.wrong.append(Wrong(line, mask(number, "id_number") if number else "", reason))
        else:
            wanted[number] = line, {titles[name]: text for name, text in cells.items() if name in titles and text}
    people = _people(list(wanted))
    for number, (line, values) in wanted.items():
        if number in people:
            found.people.append((people[number], values))
        else:
            found.wrong.append(Wrong(line, mask(number, "id_number"), _("没有找到这个人")))
    found.wrong.sort(key=lambda wrong: wrong.line)
    return found


def require_small(size: int | None) -> None:
    """Refuse a file that is too large to be a list, before any of it is read into memory. Raises BadList."""
    if (size or 0) > LARGEST:
        raise _bad(_("文件超过 5 MB"))


def _wrong(number: str, *, known: bool) -> str:
    if not number:
        return _("没有填证件号")
    if len(number) != 18:
        return _("证件号应为 18 位")
    return _("与前面的一行重复") if known else ""


def _columns(template: MessageTemplate | None) -> dict[str, str]:
    """Return which column fills which placeholder."""
    gaps: dict[str, Any] = template.placeholders if template else {}
    return {name: name for name in gaps} | {gap.title: name for name, gap in gaps.items()}


def _rows(data: bytes) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Yield line, id number and the other cells of each row. Raises BadList."""
    require_small(len(data))
    try:
        table = list(islice(csv.reader(io.StringIO(_text(data))), MOST + 2))
    except csv.Error as wrong:
        raise _bad(_("不是可以读的 CSV 文件，请检查有没有过长的单元格或多余的回车")) from wrong
    if len(table) > MOST + 1:
        raise _bad(_("名单超过 {most} 行").format(most=MOST))
    if not any(any(row) for row in table):
        raise _bad(_("文件是空的"))
    head = [cell.strip() for cell in table[0]]
    place = next((head.index(name) for name in ID_COLUMNS if name in head), None)
    if place is None and len(head) > 1:
        raise _bad(_("第一行没有“公民身份号码”这一列"))
    for line, row in enumerate(table[0 if place is None else 1 :], 1 if place is None else 2):
        if any(row):
            cells = dict(zip(head, (cell.strip() for cell in row), strict=False)) if place is not None else {}
            yield line, row[place or 0].strip().upper() if len(row) > (place or 0) else "", cells


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _bad(_("不是文本文件，请另存为 CSV"))


def _bad(reason: str) -> BadList:
    return BadList(FieldProblem("file", reason))


def _people(numbers: list[str]) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    for start in range(0, len(numbers), CHUNK):
        indexes = {digest("id_index", number): number for number in numbers[start : start + CHUNK]}
        for index, person in Person.objects.filter(id_index__in=indexes).values_list("id_index", "pk"):
            found[indexes[index]] = person
    return found
