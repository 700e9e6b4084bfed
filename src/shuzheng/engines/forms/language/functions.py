"""The functions that expressions may call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from shuzheng.engines.forms.language.logic import strict
from shuzheng.engines.forms.language.names import Type


@dataclass(frozen=True)
class Function:
    """One function: the types it takes, the type it gives, and what it does."""

    #: One tuple of accepted types per argument.
    takes: tuple[tuple[Type, ...], ...]
    gives: Type
    apply: Callable[..., Any]
    #: How many of the arguments may be left out at the end.
    optional: int = 0
    #: Whether the last argument may be repeated.
    variadic: bool = False
    #: Whether the day of the evaluation is handed over first.
    dated: bool = False
    #: How to write it, shown to the analyst.
    usage: str = ""


def years_between(start: date, end: date) -> int:
    """Return full years from one day to another, as ages are counted (民法典 §17-18: from the day of the birthday)."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def _age(today: date, born: date | None, on: date | None = None) -> int | None:
    return None if born is None else years_between(born, on or today)


def _add_days(day: date, count: Any) -> date | None:
    try:
        return day + timedelta(days=int(count))
    except OverflowError:
        return None


def _known(values: Any) -> list[Any]:
    return [value for value in values or () if value is not None]


def _sum(values: Any) -> Any:
    return sum(_known(values), start=0)


def _extreme(choose: Callable[..., Any]) -> Callable[..., Any]:
    def over(values: Any) -> Any:
        known = _known(values)
        return choose(known) if known else None

    return over


def _coalesce(*values: Any) -> Any:
    return next((value for value in values if not is_empty(value)), None)


def is_empty(value: Any) -> bool:
    """Say whether nothing was answered."""
    return value is None or value == "" or value == []


def _round(number: Any, digits: Any = 0) -> Decimal:
    return round(Decimal(number), int(digits)) + Decimal(0)


_TEXT: tuple[Type, ...] = ("text",)
_DATE: tuple[Type, ...] = ("date",)
_NUMBER: tuple[Type, ...] = ("number",)
_ANY: tuple[Type, ...] = ("any",)
_LIST: tuple[Type, ...] = ("list",)

FUNCTIONS: dict[str, Function] = {
    "age": Function((_DATE, _DATE), "number", _age, optional=1, dated=True, usage="age(出生日期)"),
    "today": Function((), "date", lambda today: today, dated=True, usage="today()"),
    "days_between": Function((_DATE, _DATE), "number", strict(lambda a, b: (b - a).days), usage="days_between(起, 止)"),
    "add_days": Function((_DATE, _NUMBER), "date", strict(_add_days), usage="add_days(日期, 天数)"),
    "year": Function((_DATE,), "number", strict(lambda day: day.year), usage="year(日期)"),
    "len": Function((("list", "rows", "text"),), "number", lambda value: len(value or ()), usage="len(重复组)"),
    "sum": Function((_LIST,), "number", _sum, usage="sum(重复组.字段)"),
    "min": Function((_LIST,), "any", _extreme(min), usage="min(重复组.字段)"),
    "max": Function((_LIST,), "any", _extreme(max), usage="max(重复组.字段)"),
    "coalesce": Function((_ANY,), "any", _coalesce, variadic=True, usage="coalesce(字段甲, 字段乙)"),
    "contains": Function(
        (("list", "text"), _TEXT),
        "boolean",
        strict(lambda whole, part: part in whole),
        usage='contains(多选字段, "代码")',
    ),
    "starts_with": Function(
        (_TEXT, _TEXT), "boolean", strict(lambda text, start: text.startswith(start)), usage='starts_with(区划, "3607")'
    ),
    "empty": Function((_ANY,), "boolean", is_empty, usage="empty(字段)"),
    "round": Function((_NUMBER, _NUMBER), "number", strict(_round), optional=1, usage="round(数字, 2)"),
}
