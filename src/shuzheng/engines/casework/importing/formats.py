"""Which format a file has, and its rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Row
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.engines.casework.importing import guangan, guangdong
from shuzheng.engines.casework.importing.entry import Entry, Finding, Rejected
from shuzheng.engines.casework.importing.mapping import Mapping
from shuzheng.kernel.error import FieldProblem, InvalidInput
from shuzheng.kernel.input import problems

#: Rows that are looked at to recognise a format.
LOOKED_AT = 20
#: Makes the body of an item from a raw row. Raises Rejected.
Translate = Callable[[Row[str, Any], Mapping, Entry], dict[str, Any]]


class Unrecognised(InvalidInput):
    """The file is in none of the formats that are known, or cannot be read at all."""

    code = "unrecognised-file"


@dataclass(frozen=True)
class Format:
    """A format: what its rows are called, the fields by which it is known, and how a row becomes an item."""

    code: str
    marks: frozenset[str]
    translate: Translate


FORMATS = (
    Format("guangdong", guangdong.MARKS, guangdong.translate),
    Format("guangan", guangan.MARKS, guangan.translate),
)


@dataclass(frozen=True)
class Unreadable:
    """A row that is not JSON."""

    message: str


def read_file(path: Path) -> list[Entry]:
    """Return an entry for every row of a file, in order; a code that comes twice counts once. Raises Unrecognised."""
    rows = list(_rows(path))
    found = recognise([raw for _number, raw in rows[:LOOKED_AT]])
    words = Mapping.published()
    entries, seen = [], dict[str, int]()
    for number, raw in rows:
        entry = _entry(number, raw, words, found)
        if entry.item is not None and entry.code in seen:
            text = _("事项编码与第 {row} 行重复。")
            entry.reject(Finding("rejected", "code", str(text).format(row=seen[entry.code])))
        seen.setdefault(entry.code, number)
        entries.append(entry)
    return entries


def recognise(rows: list[Any]) -> Format:
    """Return the format that most of the rows have. Raises Unrecognised."""
    scores = {f.code: sum(isinstance(raw, dict) and f.marks <= raw.keys() for raw in rows) for f in FORMATS}
    best = max(FORMATS, key=lambda known: scores[known.code])
    if scores[best.code] == 0:
        raise Unrecognised(
            FieldProblem("file", str(_("不认识这个文件的格式，没有导入任何内容。请核对文件是否为事项清单。")))
        )
    return best


def translated(row: int, raw: Any, words: Mapping, translate: Translate) -> Entry:
    """Return the entry of a raw row; whatever is wrong with it is a finding, never an exception."""
    entry = Entry(row)
    try:
        if not isinstance(raw, dict):
            raise Rejected("", _("这一行不是一个事项。"))
        entry.item = ServiceItemDefinition.model_validate(translate(raw, words, entry))
    except Rejected as refusal:
        entry.reject(refusal.finding)
    except ValidationError as failure:
        for problem in problems(failure):
            entry.reject(Finding("rejected", problem.path, str(problem.message)))
    return entry


def _entry(number: int, raw: Any, words: Mapping, found: Format) -> Entry:
    if isinstance(raw, Unreadable):
        return Entry(number, findings=[Finding("rejected", "", raw.message)])
    return translated(number, raw, words, found.translate)


def _rows(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield number and raw row: of a JSON array by place, of JSON lines by line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unrecognised(FieldProblem("file", str(_("文件不是 UTF-8 编码，请另存后再导入。")))) from error
    if text.lstrip().startswith("["):
        yield from enumerate(_array(text), 1)
        return
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, _parsed(line)


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        return Unreadable(str(_("这一行不是有效的 JSON（第 {column} 个字符处）。")).format(column=error.colno))


def _array(text: str) -> list[Any]:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        message = str(_("文件第 {line} 行不是有效的 JSON，没有导入任何内容。请改正后重新导入。")).format(
            line=error.lineno
        )
        raise Unrecognised(FieldProblem("file", message)) from error
