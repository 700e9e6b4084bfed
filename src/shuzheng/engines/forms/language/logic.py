"""Operations on values of which some are missing (``None``): Kleene's three-valued logic and strict arithmetic."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation, Overflow
from typing import Any

#: Largest magnitude a computed number may have; beyond it the result counts as missing.
BOUND = Decimal(10) ** 18


def conjunction(terms: Iterable[Callable[[], Any]]) -> bool | None:
    """Return false if any term is false, else missing if any is missing, else true."""
    result: bool | None = True
    for term in terms:
        value = term()
        if value is False:
            return False
        if value is None:
            result = None
    return result


def disjunction(terms: Iterable[Callable[[], Any]]) -> bool | None:
    """Return true if any term is true, else missing if any is missing, else false."""
    result: bool | None = False
    for term in terms:
        value = term()
        if value is True:
            return True
        if value is None:
            result = None
    return result


def negation(value: bool | None) -> bool | None:
    """Return the opposite; the opposite of missing is missing."""
    return None if value is None else not value


def strict(apply: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function answer missing as soon as one of its arguments is."""

    def guarded(*arguments: Any) -> Any:
        return None if any(argument is None for argument in arguments) else apply(*arguments)

    return guarded


def _calculate(apply: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def bounded(left: Any, right: Any) -> Any:
        try:
            result = apply(left, right)
        except (InvalidOperation, Overflow, ZeroDivisionError):
            return None
        return None if isinstance(result, int | Decimal) and abs(result) > BOUND else result

    return strict(bounded)


def _divide(left: Any, right: Any) -> Any:
    return Decimal(left) / Decimal(right)


ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "Add": _calculate(operator.add),
    "Sub": _calculate(operator.sub),
    "Mult": _calculate(operator.mul),
    "Div": _calculate(_divide),
    "Mod": _calculate(operator.mod),
}
COMPARISON: dict[str, Callable[[Any, Any], Any]] = {
    "Eq": strict(operator.eq),
    "NotEq": strict(operator.ne),
    "Lt": strict(operator.lt),
    "LtE": strict(operator.le),
    "Gt": strict(operator.gt),
    "GtE": strict(operator.ge),
    "In": strict(lambda item, items: item in items),
    "NotIn": strict(lambda item, items: item not in items),
}
