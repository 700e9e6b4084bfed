"""Paging by key: every page costs the same, however deep."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from shuzheng.kernel.error import InvalidInput
from django.utils.translation import gettext_lazy as _

M = TypeVar("M", bound=Model)


class BadCursor(InvalidInput):
    """A page's cursor was tampered with or belongs to another list."""

    code = "bad-cursor"
    message = _("翻页位置已失效，请从第一页重新开始。")


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of a list."""

    items: list[M]
    #: Cursor of the following page, or ``None`` on the last.
    next: str | None
    #: Cursor of the preceding page, or ``None`` on the first.
    previous: str | None


def page(queryset: QuerySet[M], *, order: Sequence[str], after: str | None = None, size: int = 20) -> Page[M]:
    """Return one page of a queryset in one statement.

    ``order`` names non-null fields, ``-`` for descending, the last of them unique; ``after`` is a cursor from an
    earlier page. Raises BadCursor.
    """
    backwards, position = _decode(after, len(order)) if after else (False, None)
    keys = [_flip(key) for key in order] if backwards else list(order)
    if position is not None:
        queryset = queryset.filter(_beyond(keys, position))
    rows = list(queryset.order_by(*keys)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_next = backwards or more
    has_previous = more if backwards else position is not None
    return Page(
        rows,
        next=_encode(False, rows[-1], order) if rows and has_next else None,
        previous=_encode(True, rows[0], order) if rows and has_previous else None,
    )


def _flip(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _beyond(keys: Sequence[str], position: Sequence[Any]) -> Q:
    """Rows strictly after a position: (a > x) or (a = x and b > y) or …, with a leading bound for the index."""
    alternatives = []
    for depth, key in enumerate(keys):
        equal = {k.lstrip("-"): v for k, v in zip(keys[:depth], position[:depth], strict=True)}
        alternatives.append(Q(**equal, **{_comparison(key): position[depth]}))
    bound = Q(**{_comparison(keys[0]) + "e": position[0]})
    return bound & reduce(or_, alternatives)


def _comparison(key: str) -> str:
    return f"{key[1:]}__lt" if key.startswith("-") else f"{key}__gt"


def _encode(backwards: bool, row: Model, order: Sequence[str]) -> str:
    values = [_plain(_value(row, key.lstrip("-"))) for key in order]
    return base64.urlsafe_b64encode(json.dumps([int(backwards), *values]).encode()).decode().rstrip("=")


def _value(row: Any, path: str) -> Any:
    return reduce(getattr, path.split("__"), row)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else str(value) if isinstance(value, UUID) else value


def _decode(cursor: str, length: int) -> tuple[bool, list[Any]]:
    try:
        direction, *position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise BadCursor from None
    if len(position) != length or not all(isinstance(v, str | int | float) for v in position):
        raise BadCursor
    return bool(direction), position
