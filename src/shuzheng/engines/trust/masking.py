"""Masking (脱敏): how much of a value is shown to somebody who need not see all of it.

Rules follow the practice of GB/T 37964 (去标识化) and GB/T 35273 §7.2 (展示限制). Every rule keeps fixed places of the
value and covers the rest, so masking twice changes nothing, and all but ``address`` and ``text_full`` keep the length.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from shuzheng.kernel.registry import Registry

_COVER = "*"
_FULL = _COVER * 4
#: Characters that a division's name does not have but the address of a house does.
_NAME = r"[^\d\W路街道巷弄号村组栋幢室楼镇乡]"
#: Whatever is shown of an address ends at the county or, where there is none, at the city or the province.
_DIVISION = re.compile(
    rf"(?:{_NAME}{{2,8}}?(?:省|自治区|特别行政区))?"
    rf"(?:{_NAME}{{2,10}}?(?:自治州|地区|盟|市))?"
    rf"(?:{_NAME}{{1,6}}?(?:县|自治旗|(?<![小社园校厂景])区|市))?"
)
_WORD = re.compile(r"[^\W_]")

_rules: Registry[Callable[[str], str]] = Registry("masking rule")


def _rule(name: str) -> Callable[[Callable[[str], str]], Callable[[str], str]]:
    return lambda function: _rules.add(name, function)


def mask(value: Any, rule: str) -> str:
    """Return what may be shown of a value under a named rule; nothing of nothing. Raises UnknownName."""
    cover = _rules[rule]
    if value is None:
        return ""
    return cover(value.isoformat() if isinstance(value, date) else str(value))


def rules() -> frozenset[str]:
    """Return the names of all rules, for checking declarations."""
    return frozenset(_rules)


def rule_for(level: int, rule: str = "") -> str:
    """Return the rule of an element: its own, or by its sensitivity level (1–2 open, 3 partly, 4 fully covered)."""
    return rule or {1: "none", 2: "none", 3: "text_partial"}.get(level, "text_full")


def _keep(text: str, head: int, tail: int, shortest: int = 0) -> str:
    """Show the ends of a text; cover all of it where too little would be covered."""
    if len(text) < max(shortest, head + tail + 1):
        return _COVER * len(text)
    return text[:head] + _COVER * (len(text) - head - tail) + text[len(text) - tail :]


@_rule("none")
def _none(text: str) -> str:
    """Everything is shown: public matters such as a unified social credit code."""
    return text


@_rule("text_full")
def _text_full(text: str) -> str:
    """Nothing is shown, not even the length."""
    return _FULL if text else ""


@_rule("text_partial")
def _text_partial(text: str) -> str:
    """The first character is shown."""
    return _keep(text, 1, 0)


@_rule("person_name")
def _person_name(text: str) -> str:
    """张三 → 张*, 张小三 → 张*三."""
    return _keep(text, 1, 1) if len(text) > 2 else _keep(text, 1, 0)


@_rule("id_number")
def _id_number(text: str) -> str:
    """First three and last four: no county, no day of birth. 362***********1234."""
    return _keep(text, 3, 4, shortest=15)


@_rule("mobile")
def _mobile(text: str) -> str:
    """138****1234."""
    return _keep(text, 3, 4, shortest=11)


@_rule("phone")
def _phone(text: str) -> str:
    """Area code and last two digits: 0797-*****56; without a hyphen, the last two digits."""
    area, hyphen, number = text.partition("-")
    if hyphen and len(area) <= 4:
        return f"{area}-{_keep(number, 0, 2, shortest=5)}"
    return _keep(text, 0, 2, shortest=5)


@_rule("bank_account")
def _bank_account(text: str) -> str:
    """The last four digits."""
    return _keep(text, 0, 4, shortest=9)


@_rule("email")
def _email(text: str) -> str:
    """First letter of the name, and the host: z****@example.cn."""
    name, at, host = text.rpartition("@")
    return f"{_keep(name, 1, 0)}@{host}" if at else _keep(text, 1, 0)


@_rule("plate")
def _plate(text: str) -> str:
    """Province, city letter and last two: 赣B***45."""
    return _keep(text, 2, 2, shortest=6)


@_rule("date")
def _date(text: str) -> str:
    """The year: 1990-**-**, 1990年*月*日."""
    year = 4 if re.match(r"\d{4}", text) else 0
    return text[:year] + _WORD.sub(lambda found: found[0] if found[0] in "年月日" else _COVER, text[year:])


@_rule("address")
def _address(text: str) -> str:
    """Down to the county: 江西省赣州市章贡区****."""
    match = _DIVISION.match(text)
    shown = match[0] if match else ""
    return shown + _FULL if len(text) > len(shown) else shown
