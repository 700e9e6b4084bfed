"""Code lists (代码表): closed lists of values, hierarchical and dated, declared as CSV files in packs."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shuzheng.kernel.declaration import Declaration, Declared, Workspace
from shuzheng.kernel.registry import suggest
from shuzheng.kernel.source import Located, Problem, Unreadable

#: Columns of the file; all but the first two may be left out.
COLUMNS = ("code", "name", "parent", "name_en", "note", "valid_from", "valid_to")


class Code(BaseModel):
    """One code of a list."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    code: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=200)
    #: Code above in a hierarchical list.
    parent: str = ""
    name_en: str = ""
    note: str = ""
    #: First and last day on which the code may be chosen; empty means without bound.
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Say whether the code may be chosen on a day; both bounds are inside."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class CodeList(Declaration):
    """A code list: the standard it comes from and its codes in order."""

    #: Standard, law or agreement, e.g. GB/T 2261.1-2003.
    source: str
    codes: tuple[Code, ...] = Field(min_length=1)

    @cached_property
    def by_code(self) -> dict[str, Code]:
        """Return the codes by their code."""
        return {entry.code: entry for entry in self.codes}

    def get(self, code: str) -> Code | None:
        """Return a code, current or not, or ``None``."""
        return self.by_code.get(code)

    def name(self, code: str) -> str:
        """Return what people call a code; an unknown code is its own name."""
        entry = self.by_code.get(code)
        return entry.name if entry else code

    def current(self, day: date) -> list[Code]:
        """Return the codes that may be chosen on a day, in order."""
        return [entry for entry in self.codes if entry.valid_on(day)]

    def children(self, parent: str = "") -> list[Code]:
        """Return the codes right below another, or those at the top."""
        return [entry for entry in self.codes if entry.parent == parent]

    def ancestors(self, code: str) -> list[Code]:
        """Return the codes above another, the topmost first."""
        above: list[Code] = []
        entry = self.by_code.get(code)
        while entry and entry.parent:
            entry = self.by_code.get(entry.parent)
            if entry:
                above.insert(0, entry)
        return above


def read_csv(file: Path) -> list[tuple[tuple[str | int, ...], Located]]:
    """Read one list: lines ``# title: …`` and ``# source: …``, a heading, then one code a line.

    The file's name is the list's code. Raises Unreadable.
    """
    text = file.read_text(encoding="utf-8-sig").splitlines()
    head = [line for line in text if line.startswith("#")]
    value: dict[str, Any] = {"code": file.stem, **dict(_heading(line, n) for n, line in enumerate(head, 1))}
    lines: dict[tuple[str | int, ...], int] = {(key,): n for n, key in enumerate(value)}
    rows = csv.DictReader(text[len(head) :])
    unknown = set(rows.fieldnames or ()) - set(COLUMNS)
    if unknown or not {"code", "name"} <= set(rows.fieldnames or ()):
        raise Unreadable(len(head) + 1, f"表头应为 {','.join(COLUMNS)}，至少要有 code 和 name")
    value["codes"] = codes = []
    for index, row in enumerate(rows):
        lines["codes", index] = len(head) + rows.line_num
        if None in row:
            raise Unreadable(lines["codes", index], "这一行的列数比表头多，含逗号的文字请加英文双引号")
        codes.append({key: text for key, text in row.items() if text})
    return [((), Located(value, lines))]


def _heading(line: str, number: int) -> tuple[str, str]:
    key, colon, text = line.lstrip("# ").partition(":")
    if not colon or key.strip() not in ("title", "source"):
        raise Unreadable(number, "文件开头的说明行应为“# title: 名称”或“# source: 来源标准”")
    return key.strip(), text.strip()


def check(declared: Declared[CodeList], workspace: Workspace) -> Iterable[Problem]:
    """Find repeated codes, parents that are not in the list, circles and intervals that end before they begin."""
    body = declared.model
    if body is None:
        return
    seen: set[str] = set()
    for index, entry in enumerate(body.codes):
        if entry.code in seen:
            yield declared.problem(f"代码“{entry.code}”写了两次", "codes", index)
        seen.add(entry.code)
        if entry.parent and entry.parent not in body.by_code:
            hint = suggest(entry.parent, body.by_code)
            yield declared.problem(f"上级代码“{entry.parent}”不在本表中", "codes", index, suggestion=hint.strip(" ()"))
        elif _circular(body, entry):
            yield declared.problem(f"代码“{entry.code}”的上级关系成环", "codes", index)
        if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
            yield declared.problem(f"代码“{entry.code}”的停用日期早于启用日期", "codes", index)


def _circular(body: CodeList, entry: Code) -> bool:
    seen = {entry.code}
    above = body.by_code.get(entry.parent)
    while above:
        if above.code in seen:
            return True
        seen.add(above.code)
        above = body.by_code.get(above.parent)
    return False
