"""Reading data elements and code lists."""

from __future__ import annotations

from datetime import date
from typing import Any

from shuzheng.engines.vocabulary.code_list import Code, CodeList
from shuzheng.engines.vocabulary.element import Element
from shuzheng.engines.vocabulary.errors import UnknownCode
from shuzheng.kernel import definition
from shuzheng.kernel.moment import today


def element(code: str, *, on: date | None = None) -> Element:
    """Return a data element as it is in force on a day (default today). Raises NoDefinition."""
    body: Element = definition.get("element", code, on=on).body
    return body


def code_list(code: str, *, on: date | None = None) -> CodeList:
    """Return a code list as it is in force on a day (default today). Raises NoDefinition."""
    body: CodeList = definition.get("code_list", code, on=on).body
    return body


def code(list_code: str, value: str) -> Code:
    """Return one code of a list, current or not. Raises NoDefinition or UnknownCode."""
    found = code_list(list_code).get(value)
    if found is None:
        raise UnknownCode(list=list_code, value=value)
    return found


def choices(list_code: str, *, parent: str | None = None) -> list[tuple[str, str]]:
    """Return (code, name) of the codes that may be chosen today: of the whole list, or right below a parent."""
    known, day = code_list(list_code), today()
    entries = known.codes if parent is None else known.children(parent)
    return [(entry.code, entry.name) for entry in entries if entry.valid_on(day)]


def display(of: Element, value: Any) -> str:
    """Return how people read a value: a code's name, a division's full name, a number with its unit."""
    if value is None or value == "":
        return ""
    if of.datatype == "code":
        return code_list(of.code_list).name(str(value))
    if of.datatype == "division":
        from shuzheng.engines.vocabulary.queries.division import full_name

        return full_name(str(value))
    if of.datatype == "boolean":
        return code_list("yes-no").name("1" if value in (True, "1", "true") else "0")
    if of.unit:
        return f"{value} {code_list('measurement-unit').name(of.unit)}"
    return str(value)
